import type { ManualClock } from "@revka/core/testing";

/** Well below every wait that a test measures. */
const STEP_MS = 250;

/**
 * Moves the clock on, step by step, until `promise` settles, and gives what it gives. Real I/O goes on between the steps.
 *
 * @param over - stops the clock when the test is over: nothing else bounds the driving.
 */
export async function drive<T>(clock: Pick<ManualClock, "advance">, promise: Promise<T>, over: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const onSettled = (): void => settled.abort();
  promise.then(onSettled, onSettled);
  const end = AbortSignal.any([settled.signal, over]);
  while (!end.aborted) await clock.advance(STEP_MS);
  return promise;
}
