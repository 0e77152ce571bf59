import { setBounded } from "../record/bounded-map.ts";

/** How many keys are counted, oldest out. */
const MAX_KEYS = 10_000;

/** Counts what each key was allowed in a window that ends now. */
export interface SlidingWindow {
  /** Counts one more of `key`; false, and nothing counted, when the window holds `limit` already. */
  admit(key: string, limit: number): boolean;
  clear(): void;
}

/** Creates an empty {@link SlidingWindow}. */
export function createSlidingWindow(windowMs: number, now: () => number): SlidingWindow {
  const admittedAt = new Map<string, readonly number[]>();
  return {
    admit: (key, limit) => {
      const at = now();
      const recent = (admittedAt.get(key) ?? []).filter((earlier) => at - earlier < windowMs);
      const isAdmitted = recent.length < limit;
      setBounded(admittedAt, [key, isAdmitted ? [...recent, at] : recent], MAX_KEYS);
      return isAdmitted;
    },
    clear: () => admittedAt.clear(),
  };
}
