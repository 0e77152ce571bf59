import { createContext, createStatusRecorder } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { receive } from "./receive.ts";

function setUp() {
  const clock = createManualClock();
  const logger = recordingLogger();
  const abort = new AbortController();
  return { clock, logger, abort, status: createStatusRecorder(clock), context: createContext("wecom", { clock, logger }) };
}

describe("receive", () => {
  it("says at info that the channel is ready (WECOM-25)", async () => {
    const { context, status, logger, abort } = setUp();
    const listening = receive({ context, status, signal: abort.signal });
    expect(logger.entries).toEqual([{ level: "info", fields: { channel: "wecom" }, message: "WeCom: channel ready (send-only via Bot Webhook)" }]);
    abort.abort();
    await listening;
  });

  it("stays pending until the abort, with no timer left behind (WECOM-15)", async () => {
    const { context, status, clock, abort } = setUp();
    let isOver = false;
    const listening = receive({ context, status, signal: abort.signal }).finally(() => {
      isOver = true;
    });
    await clock.advance(86_400_000);
    expect([isOver, clock.pending, status.snapshot().state]).toEqual([false, 0, "idle"]);
    abort.abort();
    await listening;
    expect(status.snapshot().state).toBe("stopped");
  });

  it("returns at once when it is already over", async () => {
    const { context, status } = setUp();
    await receive({ context, status, signal: AbortSignal.abort() });
    expect(status.snapshot().state).toBe("stopped");
  });
});
