import type { QqBehaviour } from "./behaviour.ts";

/** What `/gateway/bot` tells about Identifies. */
export interface StartLimit {
  readonly total: number;
  readonly remaining: number;
  readonly reset_after: number;
  readonly max_concurrency: number;
}

/** Counts Identifies in windows that follow each other. */
export interface Starts {
  readonly limit: StartLimit;
  count(): void;
  /** Uses up what remains in this window. */
  exhaust(): void;
  clear(): void;
}

/** Creates {@link Starts} whose first window begins with the first question or Identify. */
export function createStarts(now: () => number, behaviour: () => QqBehaviour): Starts {
  let window: { readonly beganAt: number; used: number } | undefined;

  function current(): { readonly beganAt: number; used: number } {
    if (window === undefined || now() - window.beganAt >= behaviour().startWindowMs) window = { beganAt: now(), used: 0 };
    return window;
  }

  return {
    get limit() {
      const { startCount: total, startWindowMs } = behaviour();
      const { beganAt, used } = current();
      return { total, remaining: Math.max(0, total - used), reset_after: beganAt + startWindowMs - now(), max_concurrency: 1 };
    },
    count: () => void (current().used += 1),
    exhaust: () => void (current().used = behaviour().startCount),
    clear: () => (window = undefined),
  };
}
