import type { Channel, InboundMessage, MessagePart } from "@revka/core";
import { describe, expect, it } from "vitest";
import { createExpand } from "./expand.ts";
import { LIMITS } from "./limits.ts";
import { startRestPeer, type RestPeer } from "./rest-peer.test-support.ts";

const POINTER: MessagePart = { kind: "quote", text: "", messageId: "om_0" };
const WHY: MessagePart = { kind: "text", text: "why?" };
const FETCH = /^GET im\/v1\/messages\/om_/;

function messageOf(...parts: readonly MessagePart[]): InboundMessage {
  return { id: "om_1", channel: "lark", conversation: { id: "oc_1", kind: "direct" }, sender: { id: "ou_1" }, parts, mentionsBot: true, sentAt: 1, receivedAt: 1 };
}
const item = (msgType: string, content: unknown, rest: object = {}): Record<string, unknown> => ({
  message_id: "om_0", msg_type: msgType, body: { content: JSON.stringify(content) }, sender: { id: "ou_2", id_type: "open_id", sender_type: "user" }, ...rest,
});
interface Subject extends RestPeer {
  readonly expand: NonNullable<Channel["expand"]>;
}
async function openExpand(...items: readonly unknown[]): Promise<Subject> {
  const peer = await startRestPeer();
  if (items.length > 0) peer.answer(FETCH, { data: { items } });
  return { ...peer, expand: createExpand(peer) };
}

describe("createExpand", () => {
  it.each<[string, Record<string, unknown>, readonly unknown[]]>([
    ["the words of a text, with who is mentioned", item("text", { text: "ask @_user_1" }, { mentions: [{ key: "@_user_1", id: "ou_3", id_type: "open_id", name: "Li" }] }), [{ ...POINTER, text: "ask @Li" }]],
    ["the words of a post, and its picture by its own message", item("post", { title: "T", content: [[{ tag: "text", text: "a" }, { tag: "img", image_key: "i" }]] }), [
      { ...POINTER, text: "T\na\n(image)" }, { kind: "image", ref: { messageId: "om_0", key: "i", type: "image" } },
    ]],
    ["a picture, by its own message", item("image", { image_key: "i" }), [{ ...POINTER, text: "(image)" }, { kind: "image", ref: { messageId: "om_0", key: "i", type: "image" } }]],
    ["a card", item("interactive", { title: "Card", elements: [[{ tag: "text", text: "body" }]] }), [{ ...POINTER, text: "Card\nbody" }]],
    ["a kind that nobody knows", item("hologram", {}), [{ ...POINTER, text: "(hologram)" }]],
    ["a message that was recalled", item("text", { text: "This message was recalled" }, { deleted: true }), [{ ...POINTER, text: "(recalled)" }]],
  ])("quotes %s", async (_title, fetched, parts) => {
    await using subject = await openExpand(fetched);
    expect((await subject.expand(messageOf(POINTER, WHY))).parts).toEqual([...parts, WHY]);
    expect(subject.calls.map(({ route }) => route)).toEqual(["GET im/v1/messages/om_0"]);
  });

  it("makes a message the question that is answered with a mention and nothing else", async () => {
    await using subject = await openExpand(item("post", { content: [[{ tag: "text", text: "What is this?" }, { tag: "img", image_key: "i" }]] }));
    expect((await subject.expand(messageOf(POINTER))).parts).toEqual([
      { kind: "text", text: "What is this?" }, { kind: "image", ref: { messageId: "om_0", key: "i", type: "image" } },
    ]);
  });

  it("cuts a long quote, between two characters", async () => {
    await using subject = await openExpand(item("text", { text: `a${"🙂".repeat(LIMITS.quotedChars)}` }));
    const [quote] = (await subject.expand(messageOf(POINTER, WHY))).parts;
    const text = quote?.kind === "quote" ? quote.text : "";
    expect(text.length).toBe(LIMITS.quotedChars - 1);
    expect(text.isWellFormed()).toBe(true);
  });

  it("fetches a message once within ten minutes", async () => {
    await using subject = await openExpand(item("text", { text: "before" }));
    await subject.expand(messageOf(POINTER, WHY));
    await subject.clock.advance(LIMITS.quoteCacheMs - 1);
    expect((await subject.expand(messageOf(POINTER, WHY))).parts).toEqual([{ ...POINTER, text: "before" }, WHY]);
    expect(subject.calls).toHaveLength(1);
    await subject.clock.advance(1);
    await subject.expand(messageOf(POINTER, WHY));
    expect(subject.calls).toHaveLength(2);
  });

  it.each([["fails", { status: 502 }], ["may not be seen", { code: 230050 }], ["is lost", { isReset: true }]])("leaves as it is what %s", async (_title, answer) => {
    await using subject = await openExpand();
    subject.answer(FETCH, answer);
    expect(await subject.expand(messageOf(POINTER, WHY))).toEqual(messageOf(POINTER, WHY));
    expect(subject.logger.entries.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  it("gives the signal's own reason when it is aborted", async () => {
    await using subject = await openExpand();
    const reason = new RangeError("stop");
    await expect(subject.expand(messageOf(POINTER), AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("asks nothing about a message that points nowhere", async () => {
    await using subject = await openExpand();
    const message = messageOf({ kind: "quote", text: "known", messageId: "om_0" }, WHY, { kind: "unsupported", type: "hologram" });
    expect(await subject.expand(message)).toEqual(message);
    expect(subject.calls).toEqual([]);
  });
});

describe("createExpand of a forwarded chat", () => {
  const FORWARD: MessagePart = { kind: "unsupported", type: "merge_forward" };
  const forward = (id: string): Record<string, unknown> => item("merge_forward", { content: "Merged and Forwarded Message" }, { message_id: id });
  const child = (msgType: string, content: unknown, sender: string): Record<string, unknown> => item(msgType, content, { message_id: `om_c${sender}`, upper_message_id: "om_1", sender: { id: sender } });

  it("lists its messages, each by who wrote it; files cannot be fetched", async () => {
    await using subject = await openExpand(
      forward("om_1"), child("text", { text: "lunch?" }, "ou_2"), child("image", { image_key: "i" }, "ou_3"), child("text", { text: "yes" }, "ou_2"), child("merge_forward", {}, "ou_3"),
    );
    expect((await subject.expand(messageOf(FORWARD))).parts).toEqual([{ kind: "quote", messageId: "om_1", text: "Person 1: lunch?\nPerson 2: (image)\nPerson 1: yes" }]);
  });

  it("lists fifty at the most, and says how many more there are", async () => {
    const children = Array.from({ length: 53 }, (_item, n) => child("text", { text: `m${n}` }, "ou_2"));
    await using subject = await openExpand(forward("om_1"), ...children);
    const [part] = (await subject.expand(messageOf(FORWARD))).parts;
    const lines = part?.kind === "quote" ? part.text.split("\n") : [];
    expect([lines.length, lines[49], lines[50]]).toEqual([51, "Person 1: m49", "(3 more)"]);
  });

  it("quotes one that is answered", async () => {
    await using subject = await openExpand(forward("om_0"), child("text", { text: "lunch?" }, "ou_2"));
    expect((await subject.expand(messageOf(POINTER, WHY))).parts).toEqual([{ ...POINTER, text: "Person 1: lunch?" }, WHY]);
  });
});
