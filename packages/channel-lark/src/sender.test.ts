import type { Channel, OutboundMessage } from "@revka/core";
import { describe, expect, it } from "vitest";
import { LIMITS } from "./limits.ts";
import { markdownOf, startRestPeer, type RestPeer, type TestAnswer } from "./rest-peer.test-support.ts";
import { createSender } from "./sender.ts";

const TO_CHAT = { target: { conversationId: "oc_1" }, text: "hi" } as const;
const ANSWER = { target: { conversationId: "oc_1", kind: "group", messageId: "om_q" }, text: "hi" } as const;
const POSTED = /^POST im\/v1\/messages/;

interface Subject extends RestPeer {
  readonly send: Channel["send"];
}

async function openSender(): Promise<Subject> {
  const peer = await startRestPeer();
  return { ...peer, send: createSender(peer) };
}
const uuids = (subject: RestPeer): readonly unknown[] => subject.made(POSTED).map(({ json }) => json["uuid"]);
const kinds = (subject: RestPeer): readonly unknown[] => subject.made(POSTED).map(({ json }) => json["msg_type"]);

describe("createSender", () => {
  it("sends a Card JSON 2.0 of Markdown, with a bearer token and a uuid (LARK-47, LARK-48, GW-59)", async () => {
    await using subject = await openSender();
    const text = "# Head\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote `code`";
    await expect(subject.send({ ...TO_CHAT, text })).resolves.toEqual({ messageIds: ["om_out1"], route: "chat" });
    const [call] = subject.calls;
    expect(call).toMatchObject({ route: "POST im/v1/messages", authorization: "Bearer t-token", json: { receive_id: "oc_1", msg_type: "interactive" } });
    expect(call?.query.get("receive_id_type")).toBe("chat_id");
    expect(JSON.parse(String(call?.json["content"]))).toEqual({
      schema: "2.0", config: { update_multi: true }, body: { elements: [{ tag: "markdown", element_id: "md_1", content: text }] },
    });
    expect(String(call?.json["uuid"]).length).toBeLessThanOrEqual(50);
  });

  it.each([
    ["oc_1", "chat_id"], ["ou_1", "open_id"], ["on_1", "union_id"], ["li@example.org", "email"], ["e33g", "user_id"],
  ])("takes %s for a %s", async (conversationId, type) => {
    await using subject = await openSender();
    await subject.send({ target: { conversationId }, text: "hi" });
    expect(subject.calls[0]?.query.get("receive_id_type")).toBe(type);
  });

  it("answers a message in place, in its thread where it has one", async () => {
    await using subject = await openSender();
    await expect(subject.send(ANSWER)).resolves.toMatchObject({ route: "reply" });
    await subject.send({ ...ANSWER, target: { ...ANSWER.target, threadId: "omt_1" } });
    expect(subject.calls.map(({ route, json }) => [route, json["reply_in_thread"]])).toEqual([
      ["POST im/v1/messages/om_q/reply", undefined], ["POST im/v1/messages/om_q/reply", true],
    ]);
  });

  it("answers the message of a card that was used", async () => {
    await using subject = await openSender();
    await subject.send({ ...ANSWER, target: { ...ANSWER.target, messageId: "om_card#0123456789abcdef" } });
    expect(subject.calls[0]?.route).toBe("POST im/v1/messages/om_card/reply");
  });

  it.each([["recalled", 230011], ["deleted", 230110], ["not found", 231003]])("writes to the chat when the question was %s, by the same uuid", async (_title, code) => {
    await using subject = await openSender();
    subject.answer(/reply$/, { code });
    await expect(subject.send(ANSWER)).resolves.toMatchObject({ route: "chat" });
    expect(new Set(uuids(subject)).size).toBe(1);
    expect(subject.calls.at(-1)).toMatchObject({ route: "POST im/v1/messages", json: { receive_id: "oc_1" } });
  });

  it.each([230071, 230072])("answers without a thread where there are none (%i)", async (code) => {
    await using subject = await openSender();
    subject.answer(/reply$/, { code });
    await subject.send({ ...ANSWER, target: { ...ANSWER.target, threadId: "omt_1" } });
    expect(subject.calls.map(({ json }) => json["reply_in_thread"])).toEqual([true, undefined]);
  });

  it.each([[230002, "not in the group"], [232009, "dissolved"]])("says clearly what is wrong and does not repeat it (%i)", async (code, msg) => {
    await using subject = await openSender();
    subject.answer(POSTED, { code, msg });
    await expect(subject.send(TO_CHAT)).rejects.toMatchObject({ code: "platform", platformCode: String(code), message: expect.stringContaining(msg) as string });
    expect(subject.calls).toHaveLength(1);
  });
});

describe("createSender with a long text", () => {
  const text = "一行 of text 🙂 with \"quotes\"\n".repeat(3_000);

  it("sends cards in order, none over the platform's size, nothing lost (LARK-49, LARK-80)", async () => {
    await using subject = await openSender();
    const receipt = await subject.hurry(subject.send({ ...TO_CHAT, text }));
    const posted = subject.made(POSTED);
    expect(posted.length).toBeGreaterThan(2);
    expect(receipt.messageIds).toHaveLength(posted.length);
    expect(posted.map(markdownOf).join("")).toBe(text);
    for (const call of posted) {
      expect(call.body.length).toBeLessThanOrEqual(LIMITS.cardBodyBytes);
      expect(Buffer.byteLength(markdownOf(call))).toBeLessThanOrEqual(LIMITS.cardMarkdownBytes);
      expect(markdownOf(call).endsWith("\n")).toBe(true);
    }
  });

  it("stops at the first card that fails for good, and names how many went", async () => {
    await using subject = await openSender();
    subject.answer(POSTED, {}, { code: 230028, msg: "audit" });
    const error = await subject.hurry(subject.send({ ...TO_CHAT, text })).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ platformCode: "230028", progress: { delivered: 1 }, message: expect.stringContaining("(1 of ") as string });
    expect(subject.calls).toHaveLength(2);
  });

  it("gives each part the uuid that it had before, by the key of the message", async () => {
    await using subject = await openSender();
    const message: OutboundMessage = { ...TO_CHAT, text, idempotencyKey: "turn-1:0" };
    await subject.hurry(subject.send(message));
    await subject.hurry(subject.send(message));
    const [first, again] = [uuids(subject).slice(0, subject.calls.length / 2), uuids(subject).slice(subject.calls.length / 2)];
    expect(again).toEqual(first);
    expect(new Set(first).size).toBe(first.length);
    await subject.hurry(subject.send({ ...message, idempotencyKey: "turn-2:0" }));
    expect(uuids(subject).at(-1)).not.toBe(first.at(-1));
  });
});

describe("createSender when the platform stumbles", () => {
  it.each<[string, TestAnswer]>([
    ["its answer was lost", { isReset: true }],
    ["it fails", { status: 502 }],
    ["it is still sending", { code: 230049 }],
    ["it asks to slow down, by status", { status: 429, code: 99991400, headers: { "x-ogw-ratelimit-reset": "3" } }],
    ["it asks to slow down, by its own code", { code: 230020 }],
  ])("sends again by the same uuid when %s", async (_title, answer) => {
    await using subject = await openSender();
    subject.answer(POSTED, answer);
    await expect(subject.hurry(subject.send(TO_CHAT))).resolves.toMatchObject({ route: "chat" });
    expect(new Set(uuids(subject)).size).toBe(1);
    expect(subject.calls).toHaveLength(2);
  });

  it("waits as long as the platform asks for, the whole chat with it", async () => {
    await using subject = await openSender();
    subject.answer(POSTED, { status: 429, code: 99991400, headers: { "x-ogw-ratelimit-reset": "3" } });
    const sending = Promise.all([subject.send(TO_CHAT), subject.send({ ...TO_CHAT, text: "second" })]);
    await subject.clock.untilPending(1);
    await subject.clock.advance(2_999);
    expect(subject.calls).toHaveLength(1);
    await subject.clock.advance(1);
    await sending;
    expect(subject.made(POSTED).map(markdownOf)).toEqual(["hi", "hi", "second"]);
  });

  it.each<[string, TestAnswer, string]>([
    ["a pause that is too long", { status: 429, code: 99991400, headers: { "x-ogw-ratelimit-reset": "60" } }, "rate-limit"],
    ["a refused app", { code: 99991672, msg: "no scope" }, "platform"],
  ])("leaves %s to the caller at once", async (_title, answer, code) => {
    await using subject = await openSender();
    subject.answer(POSTED, answer);
    await expect(subject.send(TO_CHAT)).rejects.toMatchObject({ code });
    expect(subject.calls).toHaveLength(1);
  });

  it("gives up after a few times", async () => {
    await using subject = await openSender();
    subject.answer(POSTED, ...Array<TestAnswer>(9).fill({ isReset: true }));
    await expect(subject.hurry(subject.send(TO_CHAT))).rejects.toMatchObject({ code: "unknown-outcome" });
    expect(subject.calls).toHaveLength(1 + LIMITS.sendRetries);
  });

  it("keeps a chat to five messages a second, and others out of it", async () => {
    await using subject = await openSender();
    for (let count = 0; count < 5; count += 1) await subject.send(TO_CHAT);
    const late = subject.send(TO_CHAT);
    await subject.clock.untilPending(1);
    await subject.send({ ...TO_CHAT, target: { conversationId: "oc_2" } });
    expect(subject.made(POSTED).map(({ json }) => json["receive_id"]).filter((id) => id === "oc_1")).toHaveLength(5);
    await subject.clock.advance(LIMITS.chatWindowMs);
    await late;
  });

  it("sends nothing when it is aborted beforehand", async () => {
    await using subject = await openSender();
    const reason = new RangeError("not needed");
    await expect(subject.send(TO_CHAT, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(subject.calls).toEqual([]);
  });
});

describe("createSender with a card that is refused", () => {
  const tables = (count: number): string => Array.from({ length: count }, (_item, n) => `Table ${n}\n\n| a |\n|---|\n| ${n} |\n`).join("\n");
  const TOO_MANY = { code: 230099, msg: "Failed to create card content, ext=ErrCode: 11310; ErrMsg: card table number over limit; ErrorValue: table;" };

  it("never puts more than three tables on a card", async () => {
    await using subject = await openSender();
    await subject.hurry(subject.send({ ...TO_CHAT, text: tables(9) }));
    expect(subject.made(POSTED).map((call) => markdownOf(call).split("|---|").length - 1)).toEqual([3, 3, 3]);
  });

  it("halves it, each half by a uuid of its own that stays", async () => {
    await using subject = await openSender();
    const message = { ...TO_CHAT, text: tables(3), idempotencyKey: "turn-1:0" };
    subject.answer(POSTED, TOO_MANY, {}, {}, TOO_MANY);
    await expect(subject.send(message)).resolves.toMatchObject({ messageIds: ["om_out2", "om_out3"] });
    await subject.hurry(subject.send(message));
    expect(subject.made(POSTED).slice(1, 3).map(markdownOf).join("")).toBe(message.text);
    expect(uuids(subject).slice(3)).toEqual(uuids(subject).slice(0, 3));
    expect(new Set(uuids(subject)).size).toBe(3);
  });

  it("falls back to a rich text, then to plain text", async () => {
    await using subject = await openSender();
    subject.answer(POSTED, { code: 230099 }, { code: 230025 });
    await subject.send({ ...TO_CHAT, text: "# Head\n**bold**" });
    expect(kinds(subject)).toEqual(["interactive", "post", "text"]);
    expect(subject.calls.map(({ json }) => JSON.parse(String(json["content"])) as unknown).slice(1)).toEqual([
      { zh_cn: { title: "", content: [[{ tag: "md", text: "**Head**\n**bold**" }]] } },
      { text: "# Head\n**bold**" },
    ]);
    expect(new Set(uuids(subject)).size).toBe(3);
  });

  it("ends, whatever is refused", async () => {
    await using subject = await openSender();
    subject.answer(POSTED, ...Array<TestAnswer>(50).fill(TOO_MANY));
    await expect(subject.hurry(subject.send({ ...TO_CHAT, text: tables(3) }))).rejects.toMatchObject({ platformCode: "230099" });
    expect(subject.calls.length).toBeLessThan(10);
  });

  it("sends text as it is where that is asked for, but mentions nobody", async () => {
    await using subject = await openSender();
    await subject.send({ ...TO_CHAT, text: 'a <b> <at user_id="all">x</at>', format: "text" });
    expect(JSON.parse(String(subject.calls[0]?.json["content"]))).toEqual({ text: 'a <b> <\u200bat user_id="all">x</at>' });
  });
});

describe("createSender with media", () => {
  const png = Buffer.from("89504e470d0a1a0a00000000", "hex");
  const opus = Buffer.concat([Buffer.from("OggS"), Buffer.alloc(24), Buffer.from("OpusHead"), Buffer.alloc(40), Buffer.from("OggS\0\x04"), Buffer.from("00e2040000000000", "hex")]);
  const mp4 = Buffer.from("000000206674797069736f6d00000200", "hex");
  const contents = (subject: RestPeer): readonly unknown[] => subject.made(POSTED).map(({ json }) => [json["msg_type"], JSON.parse(String(json["content"])) as unknown]);

  it.each([
    ["a picture", { kind: "image", bytes: png, name: "a.png" }, "images", 'name="image_type"\r\n\r\nmessage', ["image", { image_key: "img_v3_up" }]],
    ["a voice", { kind: "audio", bytes: opus, name: "a.ogg" }, "files", 'name="file_type"\r\n\r\nopus', ["audio", { file_key: "file_v3_up" }]],
    ["a voice that clients cannot play", { kind: "audio", bytes: Buffer.from("ID3\x04"), name: "a.mp3" }, "files", "stream", ["file", { file_key: "file_v3_up" }]],
    ["a film", { kind: "video", bytes: mp4, name: "a.mp4" }, "files", 'name="file_type"\r\n\r\nmp4', ["media", { file_key: "file_v3_up" }]],
    ["a document", { kind: "file", bytes: Buffer.from("%PDF-1"), name: "Plan.PDF" }, "files", 'name="file_type"\r\n\r\npdf', ["file", { file_key: "file_v3_up" }]],
    ["anything else", { kind: "file", bytes: Buffer.from("words") }, "files", 'filename="file.txt"', ["file", { file_key: "file_v3_up" }]],
  ] as const)("uploads %s and sends it by its key, after the text", async (_title, media, where, field, content) => {
    await using subject = await openSender();
    await subject.send({ ...TO_CHAT, media });
    const [upload] = subject.made(/^POST im\/v1\/(?:images|files)$/);
    expect(upload?.route).toBe(`POST im/v1/${where}`);
    expect(upload?.body.toString("latin1")).toContain(field);
    expect(contents(subject).slice(1)).toEqual([content]);
  });

  it("tells how long a voice is", async () => {
    await using subject = await openSender();
    await subject.send({ ...TO_CHAT, text: "", media: { kind: "audio", bytes: opus } });
    expect(subject.calls[0]?.body.toString("latin1")).toContain('name="duration"\r\n\r\n6666');
  });

  it.each([
    ["an upload", /^POST im\/v1\/images/, 234011, { kind: "image", bytes: png }],
    ["its message", POSTED, 230055, { kind: "video", bytes: mp4 }],
  ] as const)("sends a plain file when the platform refuses %s", async (_title, route, code, media) => {
    await using subject = await openSender();
    subject.answer(route, { code });
    await subject.send({ ...TO_CHAT, text: "", media });
    expect(contents(subject).at(-1)).toEqual(["file", { file_key: "file_v3_up" }]);
  });

  it("sends a picture as a file that is too large for one", async () => {
    await using subject = await openSender();
    await subject.send({ ...TO_CHAT, text: "", media: { kind: "image", bytes: Buffer.concat([png, Buffer.alloc(LIMITS.imageBytes)]) } });
    expect(kinds(subject)).toEqual(["file"]);
  });

  it.each([
    ["an empty file", 0, "platform"],
    ["a file that is too large", LIMITS.fileBytes + 1, "too-large"],
  ])("refuses %s before anything is sent", async (_title, size, code) => {
    await using subject = await openSender();
    await expect(subject.send({ ...TO_CHAT, media: { kind: "file", bytes: new Uint8Array(size) } })).rejects.toMatchObject({ code });
    expect(subject.calls).toEqual([]);
  });

  it("uploads again when nobody knows what became of it", async () => {
    await using subject = await openSender();
    subject.answer(/files$/, { isReset: true });
    await subject.hurry(subject.send({ ...TO_CHAT, text: "", media: { kind: "file", bytes: png } }));
    expect(subject.calls.map(({ route }) => route)).toEqual(["POST im/v1/files", "POST im/v1/files", "POST im/v1/messages"]);
  });
});
