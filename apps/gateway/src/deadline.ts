import { TransientError, type Clock } from "@revka/core";
import { sleeps } from "./sleeps.ts";

/** A signal for work that may take so long; dispose of it when the work is done. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** A signal that aborts with `signal`, or after `ms` with a TransientError that says so. */
export function createDeadline(ms: number, clock: Clock, signal: AbortSignal): Deadline {
  const late = new AbortController();
  const done = new AbortController();
  void sleeps(ms, clock, done.signal).then((isLate) => {
    if (isLate) late.abort(new TransientError(`It took longer than ${ms / 1000} s`));
  });
  return { signal: AbortSignal.any([signal, late.signal]), [Symbol.dispose]: () => done.abort() };
}
