import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createDeadline } from "./deadline.ts";

describe("createDeadline", () => {
  it("aborts when the time is over, and says so", async () => {
    const clock = createManualClock();
    using deadline = createDeadline(60_000, clock, new AbortController().signal);
    await clock.advance(59_999);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(deadline.signal.reason).toMatchObject({ code: "transient", message: "It took longer than 60 s" });
  });

  it("aborts with the other signal, for its reason", () => {
    const controller = new AbortController();
    using deadline = createDeadline(60_000, createManualClock(), controller.signal);
    controller.abort("enough");
    expect(deadline.signal.reason).toBe("enough");
  });

  it("leaves no timer behind when the work is done", async () => {
    const clock = createManualClock();
    createDeadline(60_000, clock, new AbortController().signal)[Symbol.dispose]();
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  });
});
