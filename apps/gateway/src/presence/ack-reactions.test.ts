import type { Channel } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createMessage, createTestChannel } from "../testing/test-channel.test-support.ts";
import { createTestSettings } from "../testing/test-house.test-support.ts";
import { createAckReactions } from "./ack-reactions.ts";

const clock = createManualClock();
const reactions = (ackReactions = true, logger = recordingLogger()) =>
  createAckReactions({ treatmentOf: () => ({ ...createTestSettings().dispatch, ackReactions }), clock, logger, redact: (text) => text.replace("secret", "***") });

function channelOf(react: NonNullable<Channel["react"]>): { readonly channel: Channel; readonly made: unknown[] } {
  const made: unknown[] = [];
  const record: typeof react = (...given) => {
    made.push(given);
    return react(...given);
  };
  return { channel: createTestChannel({ clock, methods: { react: record } }), made };
}

describe("createAckReactions", () => {
  it("says which message, and in whose language (GW-60)", () => {
    const { channel, made } = channelOf(() => Promise.resolve());
    reactions().acknowledge(channel, createMessage("m", { locale: "zh-TW" }, clock));
    expect(made).toEqual([[{ conversationId: "c1", messageId: "m" }, { kind: "ack", locale: "zh-TW" }]]);
  });

  it("does nothing where the operator or the channel does not", () => {
    const { channel, made } = channelOf(() => Promise.resolve());
    reactions(false).acknowledge(channel, createMessage("m", {}, clock));
    reactions().acknowledge(createTestChannel({ clock }), createMessage("m", {}, clock));
    expect(made).toEqual([]);
  });

  it.each<[string, NonNullable<Channel["react"]>]>([
    ["rejects", () => Promise.reject(new RangeError("the secret is wrong"))],
    ["throws", () => {
      throw new RangeError("the secret is wrong");
    }],
  ])("is not disturbed by a channel that %s", async (_title, react) => {
    const logger = recordingLogger();
    reactions(true, logger).acknowledge(channelOf(react).channel, createMessage("m", {}, clock));
    await clock.advance(0);
    expect(logger.entries).toMatchObject([{ level: "debug", fields: { message_id: "m", error: "the *** is wrong" } }]);
  });

  it("has 64 under way at most, and forgets one after 5 s", async () => {
    const { channel, made } = channelOf(() => new Promise(() => undefined));
    const bounded = reactions();
    for (let count = 0; count < 70; count += 1) bounded.acknowledge(channel, createMessage(`m${count}`, {}, clock));
    expect(made).toHaveLength(64);
    await clock.advance(5_000);
    bounded.acknowledge(channel, createMessage("later", {}, clock));
    expect(made).toHaveLength(65);
  });
});
