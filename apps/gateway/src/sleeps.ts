import type { Clock } from "@revka/core";

/** Sleeps; whether it slept to the end. False when the signal aborted: for loops that simply end then. */
export async function sleeps(ms: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false;
  }
}
