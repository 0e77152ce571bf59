import { describe, expect, it } from "vitest";
import { recordingLogger } from "./recording-logger.ts";

describe("recordingLogger", () => {
  it("keeps every entry in order", () => {
    const logger = recordingLogger();
    logger.warn({ channel: "qq", attempt: 2 }, "gateway closed, resuming");
    logger.trace({}, "frame");
    expect(logger.entries).toEqual([
      { level: "warn", fields: { channel: "qq", attempt: 2 }, message: "gateway closed, resuming" },
      { level: "trace", fields: {}, message: "frame" },
    ]);
  });

  it("finds a secret wherever it hides in an entry", () => {
    const logger = recordingLogger();
    const cause = new TypeError("in a cause: s3cret-1");
    logger.error({ error: new RangeError("refused", { cause }) }, "send failed");
    logger.debug({ list: [{ deep: { deeper: { deepest: "s3cret-2" } } }] }, "payload");
    expect(logger.text()).toContain("s3cret-1");
    expect(logger.text()).toContain("s3cret-2");
  });
});
