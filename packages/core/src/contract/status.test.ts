import { describe, expect, it } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createStatusRecorder } from "./status.ts";

describe("createStatusRecorder", () => {
  it("begins idle, with nothing heard and nothing wrong", () => {
    const clock = createManualClock(1_000);
    expect(createStatusRecorder(clock).snapshot()).toEqual({ state: "idle", since: 1_000, reconnects: 0 });
  });

  it("tells since when it is in a state, whatever is said again meanwhile", async () => {
    const clock = createManualClock(1_000);
    const status = createStatusRecorder(clock);
    await clock.advance(500);
    status.set("connecting");
    await clock.advance(500);
    status.set("connecting");
    expect(status.snapshot()).toMatchObject({ state: "connecting", since: 1_500 });
  });

  it("counts a connection after the first as a reconnect, and forgets what was wrong", () => {
    const status = createStatusRecorder(createManualClock());
    status.set("connected");
    status.set("backoff", "the line broke");
    expect(status.snapshot()).toMatchObject({ lastError: "the line broke", reconnects: 0 });
    status.set("connected");
    status.set("connected");
    expect(status.snapshot()).toMatchObject({ state: "connected", reconnects: 1 });
    expect(status.snapshot()).not.toHaveProperty("lastError");
  });

  it("may be connected with something wrong, until it is said to be connected and no more", () => {
    const status = createStatusRecorder(createManualClock());
    status.set("connected");
    status.set("connected", "the quota is used up");
    expect(status.snapshot()).toMatchObject({ state: "connected", lastError: "the quota is used up", reconnects: 0 });
    status.set("connected");
    expect(status.snapshot()).not.toHaveProperty("lastError");
  });

  it("keeps what was wrong until it is connected again", () => {
    const status = createStatusRecorder(createManualClock());
    status.set("failed", "refused");
    status.set("connecting");
    expect(status.snapshot().lastError).toBe("refused");
  });

  it("tells apart that the platform spoke and that it spoke to us", async () => {
    const clock = createManualClock(1_000);
    const status = createStatusRecorder(clock);
    status.frame();
    await clock.advance(10);
    status.inbound();
    expect(status.snapshot()).toMatchObject({ lastFrameAt: 1_000, lastInboundAt: 1_010 });
  });
});
