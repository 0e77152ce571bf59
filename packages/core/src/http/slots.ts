import { onceAborted } from "../dialling/deadline.ts";
import { TransientError } from "../contract/errors.ts";

/** A fixed number of places; further callers wait in order. */
export interface Slots {
  /**
   * Waits for a place and gives the function that frees it.
   * @throws TransientError when too many wait already; the signal's reason when it aborts first.
   */
  take(signal: AbortSignal): Promise<() => void>;
}

/** Slots for `count` at once, with at most `maxWaiting` callers in the queue. */
export function createSlots(count: number, maxWaiting: number): Slots {
  const waiting = new Set<() => void>();
  let free = count;

  function leave(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  }

  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return leave;
      }
      if (waiting.size >= maxWaiting) throw new TransientError(`too many calls wait already (${maxWaiting})`);
      return new Promise((resolve, reject) => {
        const forget = onceAborted(signal, () => {
          waiting.delete(enter);
          reject(signal.reason as Error);
        });
        function enter(): void {
          waiting.delete(enter);
          forget();
          resolve(leave);
        }
        waiting.add(enter);
      });
    },
  };
}
