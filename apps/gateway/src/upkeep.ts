import { isChannelError } from "@revka/core";
import type { Runtime } from "./runtime.ts";
import { sleeps } from "./sleeps.ts";
import type { SqliteStores } from "./store/sqlite-store.ts";

const EVERY_MS = 600_000;

/** What the upkeep needs of the gateway. */
export type UpkeepRuntime = Pick<Runtime, "clock" | "logger" | "stopped"> & { readonly inbox: Pick<Runtime["inbox"], "sweep"> };

/** Cleans up the database every ten minutes, until the gateway stops; a disk that refuses is tried again next time. */
export async function keepClean({ inbox, clock, logger, stopped }: UpkeepRuntime, stores: Pick<SqliteStores, "sweep">): Promise<void> {
  while (await sleeps(EVERY_MS, clock, stopped)) {
    try {
      await inbox.sweep(clock.now());
      await stores.sweep();
    } catch (error) {
      if (!isChannelError(error)) throw error;
      logger.warn({ component: "state", error: error.message }, "The state database could not be cleaned up");
    }
  }
}
