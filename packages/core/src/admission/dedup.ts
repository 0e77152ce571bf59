import type { Clock } from "../contract/clock.ts";

/** The ids that were seen lately. */
export interface Dedup {
  /**
   * Runs `task` unless its id was seen, and adds the id once it succeeded.
   *
   * Calls that come meanwhile wait for the same run: they give `"duplicate"` when it succeeds and reject with its error
   * when it fails. A failure releases the id, so the message may come again.
   */
  once<T>(id: string, task: () => Promise<T>): Promise<T | "duplicate">;
  has(id: string): boolean;
  /** Does nothing for an id that is known: being seen again keeps nothing alive. */
  add(id: string): void;
  /** The last `count` ids, oldest first: adding them in this order to an empty set restores it. */
  newest(count: number): string[];
  readonly size: number;
}

/** How a dedup set is bounded. */
export interface DedupOptions {
  /** The oldest id goes when there would be more; at least 1. */
  readonly maxCount: number;
  /** Ids older than this are forgotten; absent: only the count bounds them. */
  readonly maxAgeMs?: number;
  readonly clock: Clock;
}

/**
 * An empty dedup set. It needs no timer: old ids go as new ones come.
 *
 * @throws RangeError when `maxCount` is below 1.
 */
export function createDedup({ maxCount, maxAgeMs = Infinity, clock }: DedupOptions): Dedup {
  if (!(maxCount >= 1)) throw new RangeError("maxCount must be at least 1");
  // A Map keeps the order of insertion: its first entry is the oldest.
  const seenAt = new Map<string, number>();
  // As many as tasks run at once, which is up to the caller.
  const running = new Map<string, Promise<unknown>>();

  function forgetOld(): void {
    const oldest = clock.monotonic() - maxAgeMs;
    for (const [id, at] of seenAt) {
      if (at > oldest) return;
      seenAt.delete(id);
    }
  }
  function has(id: string): boolean {
    forgetOld();
    return seenAt.has(id);
  }
  function add(id: string): void {
    if (has(id)) return;
    const [oldest] = seenAt.keys();
    if (oldest !== undefined && seenAt.size >= maxCount) seenAt.delete(oldest);
    seenAt.set(id, clock.monotonic());
  }

  return {
    has,
    add,
    async once(id, task) {
      if (has(id)) return "duplicate";
      const earlier = running.get(id);
      if (earlier !== undefined) {
        await earlier;
        return "duplicate";
      }
      const run = task();
      running.set(id, run);
      try {
        const result = await run;
        add(id);
        return result;
      } finally {
        running.delete(id);
      }
    },
    newest(count) {
      forgetOld();
      return [...seenAt.keys()].slice(Math.max(0, seenAt.size - count));
    },
    get size() {
      forgetOld();
      return seenAt.size;
    },
  };
}
