import { createKeyedQueue, scopeStore, type ChannelContext } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** The files that lie at the platform and can be sent again. It survives a restart. */
export interface UploadCache {
  /** The file's `file_info`. */
  find(key: string): Promise<string | undefined>;
  /** @param ttlMs - as the platform says; zero: for ever. */
  keep(key: string, fileInfo: string, ttlMs: number): Promise<void>;
  forget(key: string): Promise<void>;
}

/** A file that is about to expire is not sent any more. */
const MARGIN_MS = 60_000;

/** Opens the cache in the context's store: 500 files, and the one that was used longest ago goes. */
export function createUploadCache({ store }: Pick<ChannelContext, "store">): UploadCache {
  const files = scopeStore(store, "files");
  const lane = createKeyedQueue({ maxParallel: 1, maxWaiting: Infinity });
  // A Set keeps the order of insertion: its first key is the one that was used longest ago.
  let keys: Set<string> | undefined;

  async function load(): Promise<Set<string>> {
    const stored = await files.get("keys");
    return (keys ??= new Set(Array.isArray(stored) ? stored.filter((key) => typeof key === "string") : []));
  }
  function alone<T>(task: (known: Set<string>) => Promise<T>): Promise<T> {
    return lane.run("keys", async () => task(await load()));
  }

  return {
    find: (key) =>
      alone(async (known) => {
        const fileInfo = await files.get(`file ${key}`);
        if (!known.delete(key) || typeof fileInfo !== "string") return undefined;
        known.add(key);
        return fileInfo;
      }),
    keep: (key, fileInfo, ttlMs) =>
      alone(async (known) => {
        const lifeMs = ttlMs === 0 ? LIMITS.uploadLifeMs : ttlMs - MARGIN_MS;
        if (lifeMs <= 0) return;
        await files.set(`file ${key}`, fileInfo, { ttlMs: lifeMs });
        known.delete(key);
        known.add(key);
        const [oldest] = known;
        if (oldest !== undefined && known.size > LIMITS.uploadCount) {
          known.delete(oldest);
          await files.delete(`file ${oldest}`);
        }
        await files.set("keys", [...known]);
      }),
    forget: (key) =>
      alone(async (known) => {
        known.delete(key);
        await files.delete(`file ${key}`);
      }),
  };
}
