import { TransientError } from "@revka/core";

/** SQLite's result codes for a file that is not, or no longer, a database. */
const DAMAGE_CODES: ReadonlySet<number> = new Set([11 /* SQLITE_CORRUPT */, 26 /* SQLITE_NOTADB */]);

/** SQLite's result code where another connection holds the lock. */
const BUSY_CODE = 5;

function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff; // the primary code, without the extension bits
}

/** Whether SQLite says that the file itself is broken. */
export function isDamage(error: unknown): boolean {
  return DAMAGE_CODES.has(sqliteCodeOf(error) ?? 0);
}

/** Whether SQLite says that somebody else holds the file. */
export function isBusy(error: unknown): boolean {
  return sqliteCodeOf(error) === BUSY_CODE;
}

/** What a failed write means to a caller: SQLite's own failures (disk full, locked, I/O) may pass, a bug stays what it is. */
export function toWriteError(error: unknown): unknown {
  if (!(error instanceof Error) || sqliteCodeOf(error) === undefined) return error;
  return new TransientError(`The state database could not be written: ${error.message}`, { cause: error });
}
