import { RateLimitError } from "../contract/errors.ts";

/** Keeps the order of tasks that share a key, and lets the others run side by side. */
export interface KeyedQueue {
  /**
   * Runs `task` after the earlier ones of its key, whether they failed or not, and gives what it gives.
   *
   * @param signal - takes a task that still waits out of the queue; one that runs is not touched.
   * @throws RateLimitError when too many wait already.
   */
  run<T>(key: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** How a queue is bounded. */
export interface KeyedQueueOptions {
  /** Tasks that run at once; at least 1. */
  readonly maxParallel: number;
  /** Tasks that wait, all keys together. */
  readonly maxWaiting: number;
}

interface Waiter {
  readonly key: string;
  start(): void;
}

/** How soon a caller may try again: nobody knows how long the tasks ahead take. */
const RETRY_AFTER_MS = 1_000;

/**
 * An empty queue.
 *
 * @throws RangeError when `maxParallel` is below 1.
 */
export function createKeyedQueue({ maxParallel, maxWaiting }: KeyedQueueOptions): KeyedQueue {
  if (!(maxParallel >= 1)) throw new RangeError("maxParallel must be at least 1");
  const running = new Set<string>();
  const waiting = new Set<Waiter>();

  function canStart(key: string): boolean {
    return running.size < maxParallel && !running.has(key);
  }
  function startNext(): void {
    for (const waiter of waiting) {
      if (running.size >= maxParallel) return;
      if (running.has(waiter.key)) continue;
      waiting.delete(waiter);
      running.add(waiter.key);
      waiter.start();
    }
  }
  function wait(key: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        key,
        start() {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      function onAbort(): void {
        waiting.delete(waiter);
        reject(signal?.reason as Error);
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      waiting.add(waiter);
    });
  }

  return {
    async run(key, task, signal) {
      signal?.throwIfAborted();
      if (canStart(key)) running.add(key);
      else if (waiting.size < maxWaiting) await wait(key, signal);
      else throw new RateLimitError("too many tasks wait in the queue", { retryAfterMs: RETRY_AFTER_MS });
      try {
        return await task();
      } finally {
        running.delete(key);
        startNext();
      }
    },
  };
}
