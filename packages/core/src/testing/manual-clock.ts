import { setImmediate } from "node:timers/promises";
import type { Clock } from "../contract/clock.ts";

/** Enough for chains of promises and a few loops of I/O; what takes longer is awaited by the test itself. */
const SETTLE_TURNS = 10;

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms` and wakes sleepers in the order of their time. Between two of them, whatever the first set
   * going settles, so that a loop that sleeps again is woken again. Await it before you call it again.
   */
  advance(ms: number): Promise<void>;
  /** Resolves as soon as at least `count` sleepers wait: for code that does real I/O before it sleeps. */
  untilPending(count: number): Promise<void>;
  /** How many sleepers wait. */
  readonly pending: number;
}

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/**
 * A manual clock; also a sleep of 0 ms waits for the next `advance`.
 *
 * @param startMs - what `now()` says at first, epoch ms; `monotonic()` begins at 0. Default: 2026-01-01T00:00:00Z.
 */
export function createManualClock(startMs: number = Date.UTC(2026, 0, 1)): ManualClock {
  const sleepers = new Set<Sleeper>();
  const watchers = new Set<() => void>();
  let elapsedMs = 0;

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      const sleeper: Sleeper = { at: elapsedMs + ms, wake: () => settleWith(resolve) };
      const onAbort = (): void => settleWith(() => reject(signal?.reason));
      function settleWith(outcome: (value: undefined) => void): void {
        sleepers.delete(sleeper);
        outcome(undefined);
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      sleepers.add(sleeper);
      for (const watch of watchers) watch();
      await promise.finally(() => signal?.removeEventListener("abort", onAbort));
    },
    async advance(ms) {
      const end = elapsedMs + ms;
      await settle();
      for (let next = firstOf(sleepers, end); next !== undefined; next = firstOf(sleepers, end)) {
        elapsedMs = Math.max(elapsedMs, next.at);
        next.wake();
        await settle();
      }
      elapsedMs = end;
    },
    untilPending: (count) =>
      new Promise((resolve) => {
        function watch(): void {
          if (sleepers.size < count) return;
          watchers.delete(watch);
          resolve();
        }
        watchers.add(watch);
        watch();
      }),
    get pending() {
      return sleepers.size;
    },
  };
}

/** The sleeper to wake first, of those due by `until`. */
function firstOf(sleepers: Iterable<Sleeper>, until: number): Sleeper | undefined {
  let first: Sleeper | undefined;
  for (const sleeper of sleepers) {
    if (sleeper.at <= until && (first === undefined || sleeper.at < first.at)) first = sleeper;
  }
  return first;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await setImmediate();
}
