import type { ManualClock } from "@revka/core/testing";

/** Well below every wait that a test measures. */
const STEP_MS = 250;

/**
 * Moves the clock on, step by step, until `promise` settles, and gives what it gives. Real I/O goes on between the steps.
 *
 * @param over - ends the driving: the test's own end is the only bound.
 */
export async function drive<T>(clock: ManualClock, promise: Promise<T>, over: AbortSignal): Promise<T> {
  let isPending = true;
  const settled = (): void => {
    isPending = false;
  };
  promise.then(settled, settled);
  while (isPending && !over.aborted) await clock.advance(STEP_MS);
  return promise;
}
