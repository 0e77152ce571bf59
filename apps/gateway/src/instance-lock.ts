import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TransientError } from "@revka/core";
import { isBusy } from "./database/sqlite-error.ts";

/** The exclusive right to work on a folder; ends with `release` or with the process, however that ends. */
export interface InstanceLock {
  release(): void;
}

/**
 * Locks `folder` against a second gateway: two on the same credentials split or double the platform's events.
 *
 * The lock is SQLite's own on an otherwise empty file, so the kernel drops it with the process and nothing stale can remain.
 * @throws TransientError naming the folder when another process holds it.
 */
export function lockFolder(folder: string): InstanceLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "instance.lock");
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const connection = new DatabaseSync(file, { timeout: 0 });
  try {
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (!isBusy(error)) throw error;
    throw new TransientError(`Another revka is already running on ${folder}: stop it first, or give this one a folder of its own`);
  }
  return { release: () => connection.close() };
}
