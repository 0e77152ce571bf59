import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createMessage, createTestChannel, type TestChannel } from "../testing/test-channel.test-support.ts";
import { createNotifier, type Notifier } from "./notifier.ts";

const clock = createManualClock();
const message = createMessage("m", { locale: "en" }, clock);

function create(isEnabled = true): { readonly channel: TestChannel; readonly notifier: Notifier } {
  const { signal } = new AbortController();
  return { channel: createTestChannel({ clock }), notifier: createNotifier({ isEnabled: () => isEnabled, clock, logger: recordingLogger(), redact: (text) => text, signal }) };
}

describe("createNotifier", () => {
  it("answers the message that it is about", async () => {
    const { channel, notifier } = create();
    await notifier.tell({ channel, message, notice: "timed-out" });
    expect(channel.sent).toMatchObject([{ target: { conversationId: "c1", messageId: "m" }, format: "text" }]);
  });

  it("tells one thing a minute under the same key", async () => {
    const { channel, notifier } = create();
    for (const throttleKey of ["a", "a", "b"]) await notifier.tell({ channel, message, notice: "queue-full", throttleKey });
    expect(channel.sent).toHaveLength(2);
    await clock.advance(60_000);
    await notifier.tell({ channel, message, notice: "queue-full", throttleKey: "a" });
    expect(channel.sent).toHaveLength(3);
  });

  it("has at most 64 notices under way", async () => {
    const { channel, notifier } = create();
    const gate = Promise.withResolvers<undefined>();
    channel.holdSends(gate.promise);
    const told = Array.from({ length: 70 }, () => notifier.tell({ channel, message, notice: "failed" }));
    expect(channel.tried).toHaveLength(64);
    gate.resolve(undefined);
    await Promise.all(told);
    await notifier.tell({ channel, message, notice: "failed" });
    expect(channel.sent).toHaveLength(65);
  });

  it("never fails and never tries again", async () => {
    const { channel, notifier } = create();
    channel.failSends(new RangeError("down"));
    await notifier.tell({ channel, message, notice: "failed" });
    expect(channel.tried).toHaveLength(1);
  });

  it("says nothing when it is switched off", async () => {
    const { channel, notifier } = create(false);
    await notifier.tell({ channel, message, notice: "failed" });
    expect(channel.tried).toEqual([]);
  });
});
