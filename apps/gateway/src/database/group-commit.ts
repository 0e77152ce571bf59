import type { DatabaseSync } from "node:sqlite";
import { TransientError } from "@revka/core";
import { toWriteError } from "./sqlite-error.ts";

/** Writes that were asked for in the same turn of the event loop share one transaction, and so one sync to disk. */
export interface GroupCommit {
  /**
   * Runs `work` in the next transaction; writes run in the order they were asked for.
   *
   * Resolves with what `work` returned once the transaction is committed. When anything in it fails, all of it is
   * rolled back and every write of the transaction rejects: none of them may be believed.
   * @throws TransientError when the disk is full, the file is locked, too many writes wait, or the database is closed.
   */
  write<T>(work: () => T): Promise<T>;
  /** Commits what waits, then refuses further writes. */
  close(): void;
}

interface PendingWrite {
  /** Does the work and gives back what tells its caller, for after the commit. */
  run(): () => void;
  reject(error: unknown): void;
}

/** Writes that may wait; beyond it the disk is hopelessly behind. */
const MAX_WAITING = 10_000;

/** Writes in one transaction: about 10 ms of work, so that a burst does not hold up the sockets. */
const MAX_BATCH = 1_000;

/** A group commit over `connection`, which nobody else may write to. */
export function createGroupCommit(connection: DatabaseSync, maxWaiting: number = MAX_WAITING): GroupCommit {
  const waiting: PendingWrite[] = [];
  let isScheduled = false;
  let isClosed = false;

  function schedule(): void {
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      commitBatch();
      schedule();
    });
  }

  function commitBatch(): void {
    const batch = waiting.splice(0, MAX_BATCH);
    if (batch.length === 0) return;
    let settles: (() => void)[];
    try {
      connection.exec("BEGIN IMMEDIATE");
      settles = batch.map((write) => write.run());
      connection.exec("COMMIT");
    } catch (error) {
      if (connection.isTransaction) connection.exec("ROLLBACK");
      const reason = toWriteError(error);
      for (const write of batch) write.reject(reason);
      return;
    }
    for (const settle of settles) settle();
  }

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        if (isClosed || waiting.length >= maxWaiting) {
          reject(new TransientError(isClosed ? "The state database is closed" : "Too many writes wait for the state database"));
          return;
        }
        waiting.push({
          run() {
            const result = work();
            return () => resolve(result);
          },
          reject,
        });
        schedule();
      }),
    close() {
      isClosed = true;
      while (waiting.length > 0) commitBatch();
    },
  };
}
