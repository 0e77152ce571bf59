import { describe, expect, it } from "vitest";
import { replyTo, requireFile, textOf, type InboundMessage } from "./message.ts";

const MESSAGE: InboundMessage = {
  id: "m-1",
  channel: "mochat",
  conversation: { id: "c-1", kind: "group", title: "Ops" },
  sender: { id: "u-1" },
  parts: [{ kind: "text", text: "look" }, { kind: "image", ref: "key-1" }, { kind: "text", text: "there" }],
  mentionsBot: true,
  sentAt: 0,
  receivedAt: 0,
};

describe("replyTo", () => {
  it("aims at the conversation, by the message that is answered", () => {
    expect(replyTo(MESSAGE)).toStrictEqual({ conversationId: "c-1", kind: "group", messageId: "m-1" });
  });

  it("stays in the thread", () => {
    expect(replyTo({ ...MESSAGE, conversation: { id: "c-1", kind: "group", threadId: "t-1" } })).toMatchObject({ threadId: "t-1" });
  });
});

describe("textOf", () => {
  it("joins the words and leaves out all else", () => {
    expect(textOf(MESSAGE)).toBe("look\nthere");
  });
});

describe("requireFile", () => {
  it("gives the file", () => {
    const file = { kind: "image", bytes: Uint8Array.of(1) } as const;
    expect(requireFile(file)).toBe(file);
  });
  it("takes a link for the mistake that it is", () => {
    expect(() => requireFile({ kind: "image", url: "https://example.com/cat.png" })).toThrow(TypeError);
  });
});
