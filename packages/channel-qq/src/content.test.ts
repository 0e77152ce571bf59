import { describe, expect, it } from "vitest";
import { normalise } from "./inbound.ts";
import { groupMessage, privateMessage } from "./listening.test-support.ts";
import { decodeMessage } from "./message-event.ts";
import { createQuotables } from "./quotables.ts";

const quotables = createQuotables();
quotables.remember("REFIDX_known", "what the bot said");
function read(body: Record<string, unknown>, type = "C2C_MESSAGE_CREATE") {
  const message = decodeMessage(type, body);
  if (message === undefined) throw new TypeError("no message");
  return normalise(message, { channel: "qq", receivedAt: 5, botId: "BOT1", conversationId: "user:USER1", quotables });
}
const partsOf = (overrides: Record<string, unknown>): unknown => read(privateMessage(overrides)).parts;
const textOf = (content: string, mentions: unknown = []): unknown => read(groupMessage({ content, mentions }), "GROUP_AT_MESSAGE_CREATE").parts;
const face = (ext: string): string => `<faceType=1,faceId="264",ext="${ext}">`;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("normalise", () => {
  it("tells who wrote what, when and where", () => {
    expect(read(privateMessage())).toEqual({
      id: "msg-1", channel: "qq", conversation: { id: "user:USER1", kind: "direct" }, sender: { id: "USER1", altIds: ["UNION1"] },
      parts: [{ kind: "text", text: "hello" }], mentionsBot: true, sentAt: Date.UTC(2026, 10, 22, 2, 15, 4), receivedAt: 5,
    });
    expect(read(groupMessage({ timestamp: "yesterday" }), "GROUP_AT_MESSAGE_CREATE")).toMatchObject({ conversation: { kind: "group" }, sender: { id: "MEMBER1", name: "Lin" }, sentAt: 5 });
  });

  it.each([
    ["escapes", "a &lt;b&gt; &amp; c", "a <b> & c"],
    ["an escaped escape", "&amp;lt;", "&lt;"],
    ["blanks around", "  hi \n", "hi"],
    ["an emoji", `look ${face(base64('{"text":"smile"}'))}!`, "look [emoji: smile]!"],
    ["an emoji in Chinese", face(base64('{"text":"微笑"}')), "[emoji: 微笑]"],
    ["a broken emoji", face("%%%"), "[emoji]"],
    ["an emoji without words", face(base64("{}")), "[emoji]"],
    ["what only looks like one, escaped", "&lt;faceType=1&gt;", "<faceType=1>"],
    ["the bot's mention", "<@BOT1> do it", "do it"],
    ["the bot's mention by another id", "<@!YOU> do it", "do it"],
    ["others' mentions", "ask <@M2> and <@!M9>", "ask @Wei and @M9"],
  ])("reads %s", (_title, content, text) => {
    expect(textOf(content, [{ id: "M2", member_openid: "M2", nickname: "Wei" }, { member_openid: "YOU", is_you: true }])).toEqual([{ kind: "text", text }]);
  });

  it("puts what is quoted before the words, and its files after them", () => {
    const element = { msg_idx: "REFIDX_q", message_type: 0, content: "the &lt;quoted&gt; words", author: { username: "Wei" }, attachments: [{ content_type: "image/png", url: "https://m.example/q.png" }] };
    expect(partsOf({ message_type: 103, message_scene: { ext: ["msg_idx=REFIDX_1", "ref_msg_idx=REFIDX_q"] }, msg_elements: [{ msg_idx: "other", content: "no" }, element] })).toEqual([
      { kind: "quote", text: "the <quoted> words", messageId: "REFIDX_q", senderName: "Wei" },
      { kind: "text", text: "hello" },
      { kind: "image", ref: { urls: ["https://m.example/q.png"] }, mediaType: "image/png" },
    ]);
  });

  it("looks up what is quoted where the platform does not send it", () => {
    expect(partsOf({ message_type: 103, message_scene: { ext: ["ref_msg_idx=REFIDX_known"] } })).toEqual([
      { kind: "quote", text: "what the bot said", messageId: "REFIDX_known" },
      { kind: "text", text: "hello" },
    ]);
    expect(partsOf({ message_type: 103, message_scene: { ext: ["ref_msg_idx=REFIDX_gone"] } })).toEqual([{ kind: "text", text: "hello" }]);
  });

  it("reads forwarded messages, three deep", () => {
    const nest = (depth: number): object => ({ message_type: 102, content: `level ${depth}`, author: { username: `A${depth}` }, msg_elements: depth === 5 ? [] : [nest(depth + 1)] });
    expect(partsOf({ content: "", message_type: 102, msg_elements: [nest(1), { content: "&amp;", author: {} }] })).toEqual([{ kind: "text", text: "A1: level 1\nA2: level 2\nA3: level 3\n&" }]);
  });

  it("reads the words of a card, and names what has none", () => {
    expect(partsOf({ content: "", message_type: 3, ark_data: { prompt: "[Card] Weather" } })).toEqual([{ kind: "text", text: "[Card] Weather" }]);
    expect(partsOf({ content: "", message_type: 3 })).toEqual([{ kind: "unsupported", type: "message_type 3" }]);
  });

  it.each([
    [{ content_type: "image/png", filename: "a.png", size: 23_871, url: "https://m.example/x" }, { kind: "image", ref: { urls: ["https://m.example/x"] }, name: "a.png", mediaType: "image/png", sizeBytes: 23_871 }],
    [{ content_type: "file", filename: "../../Plan\u0000.PDF", size: 0, url: "//m.example/x" }, { kind: "file", ref: { urls: ["https://m.example/x"] }, name: "Plan.PDF", mediaType: "application/pdf" }],
    [{ content_type: "file", filename: "a.mkv", url: "m.example/x" }, { kind: "video", ref: { urls: ["https://m.example/x"] }, name: "a.mkv" }],
    [{ content_type: "video/mp4", filename: "", url: "https://m.example/x" }, { kind: "video", ref: { urls: ["https://m.example/x"] }, mediaType: "video/mp4" }],
    [{ filename: "x.heic", url: "https://m.example/x" }, { kind: "image", ref: { urls: ["https://m.example/x"] }, name: "x.heic" }],
    [
      { content_type: "voice", filename: "a.amr", url: "https://m.example/a", voice_wav_url: "https://m.example/w", asr_refer_text: " good morning ", size: 9 },
      { kind: "audio", ref: { urls: ["https://m.example/w", "https://m.example/a"] }, name: "voice.wav", mediaType: "audio/wav", transcript: "good morning" },
    ],
    [{ content_type: "voice", filename: "a.amr", url: "https://m.example/a", asr_refer_text: " " }, { kind: "audio", ref: { urls: ["https://m.example/a"] }, name: "a.amr", mediaType: "audio/amr" }],
    [{ content_type: "voice", asr_refer_text: "yes" }, { kind: "audio", ref: { urls: [] }, transcript: "yes" }],
    [{ content_type: "image/png", url: " " }, { kind: "unsupported", type: "image/png" }],
    [{ content_type: 7, url: {} }, { kind: "unsupported", type: "attachment" }],
  ])("reads the attachment %j", (attachment, part) => {
    expect(partsOf({ content: "", attachments: [attachment] })).toEqual([part]);
  });

  it("takes ten attachments, and says that there are more", () => {
    const attachments = Array.from({ length: 12 }, (_, index) => ({ content_type: "file", url: `https://m.example/${index}`, filename: "x".repeat(300) }));
    const parts = read(privateMessage({ content: "", attachments })).parts;
    expect(parts).toHaveLength(11);
    expect(parts.at(-1)).toEqual({ kind: "unsupported", type: "2 more attachments" });
    expect(parts[0]).toMatchObject({ name: "x".repeat(120) });
  });
});
