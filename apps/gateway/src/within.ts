import type { Clock } from "@revka/core";
import { sleeps } from "./sleeps.ts";

/** Waits for `work`, but not longer than `ms`; whether it was done in time. A failure of `work` counts as its end. */
export async function within(ms: number, work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const timer = new AbortController();
  const ended = work.then(
    () => true,
    () => true,
  );
  const late = sleeps(ms, clock, timer.signal).then((isLate) => !isLate);
  try {
    return await Promise.race([ended, late]);
  } finally {
    timer.abort();
  }
}
