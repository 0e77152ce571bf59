import type { ManualClock } from "@revka/core/testing";

/** Well below every wait that a test measures. */
const STEP_MS = 250;

/** How time passes. */
export interface Driving {
  /** Has some of it pass. */
  readonly step: () => Promise<unknown>;
  /** Lets things settle before any of it passes. */
  readonly first?: () => Promise<unknown>;
}

/**
 * Moves the clock on, step by step, until `promise` settles, and gives what it gives. Real I/O goes on between the steps.
 *
 * @param over - stops the clock when the test is over: nothing else bounds the driving.
 */
export function drive<T>(clock: Pick<ManualClock, "advance">, promise: Promise<T>, over: AbortSignal): Promise<T> {
  return driveBy({ step: () => clock.advance(STEP_MS) }, promise, over);
}

/** As `drive`, where more than a clock has to move. */
export async function driveBy<T>({ step, first }: Driving, promise: Promise<T>, over: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const onSettled = (): void => settled.abort();
  promise.then(onSettled, onSettled);
  const end = AbortSignal.any([settled.signal, over]);
  await first?.();
  while (!end.aborted) await step();
  return promise;
}
