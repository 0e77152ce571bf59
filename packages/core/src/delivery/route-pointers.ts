import { createKeyedQueue } from "./keyed-queue.ts";
import type { Store } from "../state/store.ts";

/** Which route each key leads to, by the route's number. Numbers only ever rise. */
export interface Pointers {
  get(key: string): Promise<number | undefined>;
  /** Leaves a key alone that leads to a newer route. */
  set(key: string, sequence: number, ttlMs: number): Promise<void>;
  /** Leaves a key alone that leads to another route. */
  clear(key: string, sequence: number): Promise<void>;
}

/** The pointers in `records`. */
export function createPointers(records: Store): Pointers {
  // A key is changed by one at a time; how many wait is up to the callers.
  const lanes = createKeyedQueue({ maxParallel: Infinity, maxWaiting: Infinity });
  const recordOf = (key: string): string => `key:${key}`;

  async function get(key: string): Promise<number | undefined> {
    const sequence = await records.get(recordOf(key));
    return typeof sequence === "number" ? sequence : undefined;
  }
  return {
    get,
    set: (key, sequence, ttlMs) =>
      lanes.run(key, async () => {
        const current = await get(key);
        if (current === undefined || current < sequence) await records.set(recordOf(key), sequence, { ttlMs });
      }),
    clear: (key, sequence) =>
      lanes.run(key, async () => {
        if ((await get(key)) === sequence) await records.delete(recordOf(key));
      }),
  };
}
