import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { drive } from "./drive.ts";

const NEVER = new AbortController().signal;

describe("drive", () => {
  it("lets as much time pass as the promise needs, and hardly more", async () => {
    const clock = createManualClock();
    const work = clock.sleep(60_000).then(() => clock.sleep(60_000));
    await drive(clock, work.then(() => "done"), NEVER);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(120_000);
    expect(clock.monotonic()).toBeLessThan(121_000);
  });

  it("gives what the promise gives, also where it fails", async () => {
    const clock = createManualClock();
    await expect(drive(clock, Promise.resolve(7), NEVER)).resolves.toBe(7);
    await expect(drive(clock, Promise.reject(new RangeError("no")), NEVER)).rejects.toThrow("no");
  });

  it("stops the clock when the test is over, though the promise is pending", async () => {
    const clock = createManualClock();
    const over = new AbortController();
    void clock.sleep(1_000).then(() => over.abort());
    void drive(clock, new Promise(() => undefined), over.signal);
    while (!over.signal.aborted) await clock.advance(0);
    const stoppedAt = clock.monotonic();
    await createManualClock().advance(0);
    expect(clock.monotonic()).toBe(stoppedAt);
  });
});
