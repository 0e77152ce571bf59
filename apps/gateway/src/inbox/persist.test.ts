import { TransientError } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { persist } from "./persist.ts";

function createWrite(failures: readonly Error[]): { write(): Promise<void>; readonly times: number } {
  const left = [...failures];
  let times = 0;
  return {
    write() {
      times += 1;
      const failure = left.shift();
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
    get times() {
      return times;
    },
  };
}

describe("persist", () => {
  it("tries again until the disk takes it, and says so once", async () => {
    const clock = createManualClock();
    const logger = recordingLogger();
    const full = new TransientError("disk is full");
    const attempts = createWrite([full, full, full]);
    const done = persist(() => attempts.write(), { clock, random: () => 0.5, logger, stopped: new AbortController().signal });
    await clock.advance(500 + 1_000 + 2_000 - 1);
    expect(attempts.times).toBe(3);
    await clock.advance(1);
    await done;
    expect(attempts.times).toBe(4);
    expect(logger.entries).toMatchObject([{ level: "error", fields: { error: "disk is full" } }]);
  });

  it("gives up with the gateway", async () => {
    const clock = createManualClock();
    const controller = new AbortController();
    const attempts = createWrite([new TransientError("disk is full")]);
    const done = persist(() => attempts.write(), { clock, random: () => 0.5, logger: recordingLogger(), stopped: controller.signal });
    await clock.untilPending(1);
    controller.abort(new RangeError("stopped"));
    await expect(done).rejects.toThrow("stopped");
    expect(clock.pending).toBe(0);
  });

  it("lets a bug through at once", async () => {
    const attempts = createWrite([new TypeError("a bug")]);
    const runtime = { clock: createManualClock(), random: () => 0.5, logger: recordingLogger(), stopped: new AbortController().signal };
    await expect(persist(() => attempts.write(), runtime)).rejects.toThrow("a bug");
  });
});
