import { createManualClock, type ManualClock } from "@revka/core/testing";
import { onTestFinished, vi } from "vitest";

/** A clock that takes the limits of connections along, which go by the machine's own time. */
export interface TimedClock {
  readonly clock: ManualClock;
  /** From now on these limits stand still. */
  readonly stopTimers: () => void;
}

/** Creates it for the test that runs. */
export function createTimedClock(): TimedClock {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const clock = createManualClock();
  let isRunning = true;
  return {
    clock: {
      ...clock,
      async advance(ms) {
        if (isRunning) vi.advanceTimersByTime(ms);
        await clock.advance(ms);
      },
    },
    stopTimers: () => void (isRunning = false),
  };
}
