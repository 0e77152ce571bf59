import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createRateWindow } from "./rate-window.ts";

describe("createRateWindow", () => {
  it("gives so many places within the window, and the next when the first is old", async () => {
    const clock = createManualClock();
    const window = createRateWindow({ windowMs: 60_000, clock });
    expect(window.take("a", 2)).toBe(true);
    await clock.advance(10_000);
    expect([window.take("a", 2), window.take("a", 2)]).toEqual([true, false]);
    await clock.advance(49_999);
    expect(window.take("a", 2)).toBe(false);
    await clock.advance(1);
    expect([window.take("a", 2), window.take("a", 2)]).toEqual([true, false]);
  });

  it("counts each key for itself", () => {
    const window = createRateWindow({ windowMs: 60_000, clock: createManualClock() });
    expect([window.take("a", 1), window.take("b", 1), window.take("a", 1)]).toEqual([true, true, false]);
  });

  it("has no limit with a count of 0", () => {
    const window = createRateWindow({ windowMs: 60_000, clock: createManualClock() });
    expect(Array.from({ length: 100 }, () => window.take("a", 0))).not.toContain(false);
  });

  it("forgets the key that was used longest ago when it knows too many", () => {
    const window = createRateWindow({ windowMs: 60_000, maxKeys: 2, clock: createManualClock() });
    for (const key of ["a", "b", "a", "c"]) window.take(key, 1);
    expect([window.take("a", 1), window.take("b", 1)]).toEqual([false, true]);
  });
});
