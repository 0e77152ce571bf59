import { join } from "node:path";
import { openExistingDatabase, type Database } from "../database/open.ts";
import type { ConfiguredRun } from "./with-config.ts";

/**
 * Works on what the daemon of a folder keeps, also while it runs; gives `whenNone` where it has kept nothing yet.
 * @throws TransientError when the database is damaged.
 */
export async function withState<T>({ io, config }: ConfiguredRun, use: (database: Database) => T | Promise<T>, whenNone: T): Promise<T> {
  const { synchronous } = config.settings.state;
  const database = openExistingDatabase({ file: join(config.folder, "state.sqlite"), synchronous, clock: io.clock });
  if (database === undefined) return whenNone;
  try {
    return await use(database);
  } finally {
    database.close();
  }
}
