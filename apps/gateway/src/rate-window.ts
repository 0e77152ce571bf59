import type { Clock } from "@revka/core";

/** Counts events per key in a sliding window. */
export interface RateWindow {
  /** Takes one of the `count` places of `key`; false when its window is full. With a count of 0 there is no limit. */
  take(key: string, count: number): boolean;
}

/** What a window is made with. */
export interface RateWindowOptions {
  readonly windowMs: number;
  /** Keys that are remembered; beyond it the one used longest ago is forgotten. */
  readonly maxKeys?: number;
  readonly clock: Clock;
}

const MAX_KEYS = 10_000;

/** A window per key that needs no timer: what is old is dropped when its key is asked again. */
export function createRateWindow({ windowMs, maxKeys = MAX_KEYS, clock }: RateWindowOptions): RateWindow {
  const taken = new Map<string, readonly number[]>();
  return {
    take(key, count) {
      if (count === 0) return true;
      const now = clock.monotonic();
      const recent = (taken.get(key) ?? []).filter((at) => now - at < windowMs);
      const isFree = recent.length < count;
      taken.delete(key); // so that it goes to the end: the first key is the one used longest ago
      taken.set(key, isFree ? [...recent, now] : recent);
      if (taken.size > maxKeys) taken.delete(taken.keys().next().value ?? key);
      return isFree;
    },
  };
}
