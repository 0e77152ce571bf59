import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createManualClock } from "@revka/core/testing";
import { createMessage } from "../testing/test-channel.test-support.ts";
import { conversationKey } from "./conversation-key.ts";

const clock = createManualClock();

describe("conversationKey", () => {
  it.each([
    ["a direct conversation", { conversationId: "c" }, "sender", "test:c::"],
    ["a group, by sender", { conversationId: "c", kind: "group", senderId: "u" }, "sender", "test:c::u"],
    ["a group, as a room", { conversationId: "c", kind: "group", senderId: "u" }, "room", "test:c::"],
    ["a thread", { conversation: { id: "c", kind: "group", threadId: "t" }, senderId: "u" }, "sender", "test:c:t:u"],
    ["ids with separators", { conversationId: "a:b", kind: "group", senderId: "c/d%" }, "sender", "test:a%3Ab::c%2Fd%25"],
    ["half a surrogate pair", { conversationId: "\uD800" }, "sender", "test:%EF%BF%BD::"],
  ] as const)("is readable for %s", (_title, over, scope, key) => {
    expect(conversationKey(createMessage("hi", over, clock), scope)).toBe(key);
  });

  it("differs wherever one of its parts differs", () => {
    const ids = fc.tuple(fc.string(), fc.string(), fc.string(), fc.string());
    const keyOf = ([channel, id, threadId, sender]: readonly [string, string, string, string]): string =>
      conversationKey({ ...createMessage("hi", { senderId: sender }, clock), channel, conversation: { id, threadId, kind: "group" } }, "sender");
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});
