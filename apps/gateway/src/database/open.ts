import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ProtocolError, TransientError, type Clock, type Logger } from "@revka/core";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";
import { migrate } from "./schema.ts";
import { isDamage } from "./sqlite-error.ts";

/** How the state database is opened. */
export interface DatabaseOptions {
  readonly file: string;
  /** `"normal"` survives a crash of the process, `"full"` also a power cut. */
  readonly synchronous: "normal" | "full";
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The one SQLite file that everything durable lives in. Reads go to `connection`, writes through `commit`. */
export interface Database {
  readonly connection: DatabaseSync;
  readonly commit: GroupCommit;
  /** The file that was here was damaged and has been set aside; this one began empty. */
  readonly isDegraded: boolean;
  /** Commits what waits, then closes. */
  close(): void;
}

/** How long a statement waits for another program that holds the file, e.g. a backup; it blocks the whole process. */
const BUSY_TIMEOUT_MS = 1_000;

/** The write-ahead log is cut back to this after a burst. */
const JOURNAL_LIMIT_BYTES = 16 * 1024 * 1024;

type ConnectOptions = Pick<DatabaseOptions, "file" | "synchronous">;

function connect({ file, synchronous }: ConnectOptions): DatabaseSync {
  closeSync(openSync(file, "a", 0o600)); // SQLite gives its side files the mode of this one
  chmodSync(file, 0o600);
  const connection = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    connection.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA journal_size_limit = ${JOURNAL_LIMIT_BYTES}`);
    const verdict = connection.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
    if (verdict !== "ok") throw new ProtocolError("The state database fails its own check", { excerpt: String(verdict) });
    migrate(connection, file);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function setAside(file: string, now: number): string {
  const aside = `${file}.damaged-${new Date(now).toISOString().replaceAll(":", "-")}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return aside;
}

/**
 * Opens the state database, and creates file (mode 0600) and folder (0700) where they are missing.
 *
 * A damaged file is moved aside under a new name, never deleted, and an empty one takes its place: a gateway that
 * answers is worth more than one that refuses to start, and the operator can still look into the old file.
 * @throws ConfigError when a newer release wrote the file.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { file, clock, logger } = options;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let connection: DatabaseSync;
  let isDegraded = false;
  try {
    connection = connect(options);
  } catch (error) {
    if (!(error instanceof ProtocolError) && !isDamage(error)) throw error;
    const movedTo = setAside(file, clock.now());
    logger.error({ file, movedTo, error }, "The state database is damaged; it was set aside and an empty one takes its place");
    connection = connect(options);
    isDegraded = true;
  }
  return toDatabase(connection, isDegraded);
}

/**
 * Opens the state database as it is, for a command beside the daemon: undefined where there is none. Nothing is created
 * and nothing set aside.
 * @throws TransientError when it is damaged; ConfigError when a newer release wrote it.
 */
export function openExistingDatabase(options: Omit<DatabaseOptions, "logger">): Database | undefined {
  if (!existsSync(options.file)) return undefined;
  try {
    return toDatabase(connect(options), false);
  } catch (error) {
    if (!(error instanceof ProtocolError) && !isDamage(error)) throw error;
    throw new TransientError(`${options.file} is damaged: the daemon sets it aside when it starts`, { cause: error });
  }
}

function toDatabase(connection: DatabaseSync, isDegraded: boolean): Database {
  const commit = createGroupCommit(connection);
  return {
    connection,
    commit,
    isDegraded,
    close() {
      commit.close();
      connection.close();
    },
  };
}
