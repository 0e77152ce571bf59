import fc from "fast-check";
import { expect, it } from "vitest";
import { openQq, until } from "./qq-house.ts";

/** What a gateway may send, and much that it should not. */
const value = fc.jsonValue({ maxDepth: 3 });
const message = fc.record(
  {
    id: fc.oneof(fc.string({ minLength: 1 }), value), content: fc.oneof(fc.string(), value), timestamp: fc.oneof(fc.constant("2026-01-01T08:00:00+08:00"), value), group_openid: fc.oneof(fc.constant("G1"), value),
    author: fc.oneof(fc.record({ id: value, user_openid: fc.oneof(fc.constant("user-1"), value), bot: value }, { requiredKeys: [] }), value),
    message_type: fc.oneof(fc.constantFrom(0, 3, 101, 102, 103), value), message_scene: fc.oneof(fc.record({ ext: value }), value), mentions: fc.oneof(fc.array(value), value),
    attachments: fc.oneof(fc.array(fc.record({ url: value, content_type: value, filename: value, size: value, asr_refer_text: value }, { requiredKeys: [] })), value), msg_elements: fc.oneof(fc.array(value), value), ark_data: value,
  },
  { requiredKeys: [] },
);
const type = fc.constantFrom("READY", "RESUMED", ...Array.from({ length: 4 }, () => "C2C_MESSAGE_CREATE"), "GROUP_AT_MESSAGE_CREATE", "GROUP_MESSAGE_CREATE", "C2C_MSG_REJECT", "FRIEND_ADD", "GROUP_DEL_ROBOT", "INTERACTION_CREATE", "NEVER_HEARD_OF");
const dispatch = fc.record({ op: fc.constant(0), s: fc.oneof(fc.nat(50), value), t: fc.oneof(type, value), id: value, d: fc.oneof(message, value) }, { requiredKeys: ["op"] });
const control = fc.record({ op: fc.oneof(fc.constantFrom(1, 7, 9, 10, 11, 2, 6, 12, 13), value), d: fc.oneof(fc.boolean(), fc.record({ heartbeat_interval: value }), value) }, { requiredKeys: ["op"] });
const frame = fc.oneof(dispatch.map((json) => JSON.stringify(json)), control.map((json) => JSON.stringify(json)), fc.string(), value.map((json) => JSON.stringify(json)), fc.uint8Array({ maxLength: 50 }));

/** Closes that do not ask for an operator, or that last for half an hour. */
const close = fc.constantFrom(1000, 1001, 1011, 3000, 4000, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4900, 4913, 4999);
const act = fc.oneof({ weight: 20, arbitrary: fc.record({ frame }) }, { weight: 1, arbitrary: fc.record({ close }) }, { weight: 3, arbitrary: fc.record({ waitMs: fc.integer({ min: 1, max: 20_000 }) }) });

it("any frames in any order leave a channel that takes the next message, and no unanswered one behind", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 40 }), async (acts) => {
      const { qq, listening, pass, logged, logger } = await openQq();
      const { channel, messages, texts, stop } = await listening();
      for (const each of acts) {
        if ("waitMs" in each) await pass(each.waitMs);
        for (const connection of qq.connections) {
          if ("frame" in each) connection.sendRaw(each.frame);
          else if ("close" in each) connection.close(each.close);
        }
      }
      await pass(100_000);
      await until(() => channel.status().state === "connected");
      qq.say("user-9", "still there?");
      await pass(1_000);
      expect(texts()).toContain("still there?");
      expect(messages.every(({ sender, id }) => sender.id !== "" && id !== "")).toBe(true);
      expect(logged("error")).toEqual([]);
      expect(logger.text()).not.toMatch(/TypeError|Cannot read|is not (?:a function|iterable)/);
      await stop();
    }),
    { seed: -49382232, numRuns: 60 },
  );
}, 120_000);
