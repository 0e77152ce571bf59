import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { within } from "./within.ts";

describe("within", () => {
  it.each([
    ["succeeds", () => Promise.resolve()],
    ["fails", () => Promise.reject(new RangeError("no"))],
  ])("does not wait longer than work that %s, and leaves no timer", async (_title, work) => {
    const clock = createManualClock();
    await expect(within(1_000, work(), clock)).resolves.toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("gives up work that takes too long", async () => {
    const clock = createManualClock();
    const result = within(1_000, new Promise(() => undefined), clock);
    await clock.advance(1_000);
    await expect(result).resolves.toBe(false);
  });
});
