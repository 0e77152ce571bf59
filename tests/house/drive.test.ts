import { setImmediate } from "node:timers/promises";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { drive } from "./drive.ts";

const never = new AbortController().signal;

describe("drive", () => {
  it("lets as much time pass as the promise needs, and hardly more", async () => {
    const clock = createManualClock();
    const work = clock.sleep(60_000).then(() => clock.sleep(60_000));
    await drive(clock, work, never);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(120_000);
    expect(clock.monotonic()).toBeLessThan(121_000);
  });

  it("gives what the promise gives, also where it fails", async () => {
    const clock = createManualClock();
    await expect(drive(clock, Promise.resolve(7), never)).resolves.toBe(7);
    await expect(drive(clock, Promise.reject(new RangeError("no")), never)).rejects.toThrow("no");
  });

  it("stops the clock when the test is over, though the promise is pending", async () => {
    const clock = createManualClock();
    const over = new AbortController();
    void drive(clock, new Promise(() => undefined), over.signal);
    await clock.sleep(1_000);
    over.abort();
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    expect(clock.monotonic()).toBe(1_000);
  });
});
