import type { Clock } from "../contract/clock.ts";
import { RateLimitError } from "../contract/errors.ts";

/** Keeps starts within a platform's rate. */
export interface Pace {
  /**
   * Resolves when the caller may start; callers start in the order they came. Who aborts while waiting has used nothing.
   *
   * @throws RateLimitError when too many wait already.
   */
  wait(signal?: AbortSignal): Promise<void>;
  /** Nobody starts within the next `ms`, e.g. because the platform said so. */
  pause(ms: number): void;
}

/** The rate, and how many may wait for it. */
export interface PaceOptions {
  /** Starts within any `windowMs`; at least 1. */
  readonly count: number;
  readonly windowMs: number;
  readonly maxWaiting: number;
  readonly clock: Clock;
}

/**
 * A sliding window: at most `count` starts within any `windowMs`.
 *
 * @throws RangeError when `count` is below 1.
 */
export function createPace({ count, windowMs, maxWaiting, clock }: PaceOptions): Pace {
  if (!(count >= 1)) throw new RangeError("count must be at least 1");
  const starts: number[] = [];
  // Only the first in the queue sleeps; the others wait for its turn to end.
  const queue = new Set<PromiseWithResolvers<undefined>>();
  let pausedUntil = -Infinity;

  function delayMs(): number {
    const [oldest = -Infinity] = starts.length < count ? [] : starts;
    return Math.max(oldest + windowMs, pausedUntil) - clock.monotonic();
  }
  function start(): void {
    if (starts.push(clock.monotonic()) > count) starts.shift();
  }
  async function waitInQueue(signal?: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<undefined>();
    const onAbort = (): void => turn.reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    queue.add(turn);
    try {
      if (queue.size === 1) turn.resolve(undefined);
      await turn.promise;
      for (let ms = delayMs(); ms > 0; ms = delayMs()) await clock.sleep(Math.ceil(ms), signal);
      signal?.throwIfAborted();
      start();
    } finally {
      signal?.removeEventListener("abort", onAbort);
      queue.delete(turn);
      const [next] = queue;
      next?.resolve(undefined);
    }
  }

  return {
    async wait(signal) {
      signal?.throwIfAborted();
      if (queue.size === 0 && delayMs() <= 0) start();
      else if (queue.size < maxWaiting) await waitInQueue(signal);
      else throw new RateLimitError("too many messages wait to be sent", { retryAfterMs: Math.max(1, Math.ceil(delayMs())) });
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.monotonic() + ms);
    },
  };
}
