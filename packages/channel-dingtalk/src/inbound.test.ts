import { describe, expect, it } from "vitest";
import { admit, type MessagePart } from "@revka/core";
import { conversationIdOf, envelopeOf, normalise } from "./inbound.ts";
import { groupMessage, robotMessage, SENT_AT } from "./listening.test-support.ts";
import { decodeRobotMessage, type RobotMessage } from "./robot-message.ts";

function read(fields: Readonly<Record<string, unknown>>): RobotMessage {
  const message = decodeRobotMessage(JSON.stringify(fields));
  if (message === undefined) throw new TypeError("not readable");
  return message;
}
const normalised = (fields: Readonly<Record<string, unknown>>): ReturnType<typeof normalise> => normalise(read(fields), { channel: "dingtalk", receivedAt: 5, sentAt: undefined });
const partsOf = (overrides: Readonly<Record<string, unknown>>): readonly MessagePart[] => normalised(robotMessage({ text: undefined, ...overrides })).parts;
const text = (words: string): MessagePart => ({ kind: "text", text: words });
const image = { kind: "image", ref: { downloadCode: "c", robotCode: "ding-app-key" } };

describe("decodeRobotMessage", () => {
  it.each([
    ["numbers", { conversationType: 2, createAt: 7, sessionWebhookExpiredTime: 8 }],
    ["digits", { conversationType: "2", createAt: "7", sessionWebhookExpiredTime: "8" }],
    ["a misspelt name", { conversationType: "2", createAt: undefined, createA: "7", sessionWebhookExpiredTime: 8 }],
  ])("reads instants and kinds in %s", (_title, fields) => {
    expect(read(robotMessage(fields))).toMatchObject({ isGroup: true, createAt: 7, sessionWebhookExpiredTime: 8 });
  });

  it("reads the notice of a quota by either spelling", () => {
    expect(read({ errorCode: 20001, errorMessage: "a" }).refusal).toEqual({ code: "20001", text: "a" });
    expect(read({ errCode: "20001", errMsg: "b" }).refusal).toEqual({ code: "20001", text: "b" });
  });

  it.each([
    ["no sender", { senderId: undefined, senderStaffId: " " }],
    ["no conversation", { conversationId: undefined }],
    ["an id that no platform gives", { conversationId: "x".repeat(257) }],
  ])("cannot read a message with %s", (_title, fields) => {
    expect(decodeRobotMessage(JSON.stringify(robotMessage(fields)))).toBeUndefined();
  });
});

describe("envelopeOf", () => {
  const admission = (fields: Readonly<Record<string, unknown>>, allowedUsers: readonly string[]): string => admit(envelopeOf(read(robotMessage(fields))), { allowedUsers });

  it.each([
    ["nobody by an empty list (DT-09, DT-20)", {}, [], "denied"],
    ["everybody by a star (DT-21)", {}, ["*"], "admitted"],
    ["a listed staff id (DT-22)", {}, ["staff-2", "staff-1"], "admitted"],
    ["no id in other letters (DT-22)", {}, ["Staff-1"], "denied"],
    ["no part of an id (DT-22)", {}, ["staff-", "staff-11"], "denied"],
    ["nobody by the opaque id or the name (DT-22)", {}, ["$:LWCP_v1:$aaa", "Li"], "denied"],
    ["nobody without a staff id but by a star", { senderStaffId: "" }, ["unknown", "", "$:LWCP_v1:$aaa"], "denied"],
    ["somebody from outside by a star", { senderStaffId: undefined }, ["*"], "admitted"],
    ["never the robot itself", { senderId: "$:LWCP_v1:$bot" }, ["*"], "own"],
  ])("admits %s", (_title, fields, allowedUsers, expected) => {
    expect(admission(fields, allowedUsers)).toBe(expected);
  });
});

describe("normalise", () => {
  it("keys a private conversation by its sender, a group by itself (DT-19, DT-23, DT-24)", () => {
    expect(normalised(robotMessage())).toMatchObject({
      id: "msg-1", conversation: { id: "staff-1", kind: "direct" }, sender: { id: "staff-1", name: "Li" }, mentionsBot: true, sentAt: SENT_AT - 23, receivedAt: 5,
    });
    expect(normalised(groupMessage())).toMatchObject({ conversation: { id: "cidGRP==", kind: "group", title: "Ops" }, mentionsBot: true });
    expect(conversationIdOf(read(robotMessage({ senderStaffId: "" })))).toBe("$:LWCP_v1:$aaa");
  });

  it.each<[string, Record<string, unknown>, readonly unknown[]]>([
    ["a text, trimmed", { text: { content: " 你好" } }, [text("你好")]],
    ["a mention and no words", { text: { content: "  " } }, []],
    ["a rich text in its order", { msgtype: "richText", content: { richText: [{ text: "see " }, { text: "this:" }, { type: "picture", downloadCode: "c", pictureDownloadCode: "p" }, { text: "what?" }] } }, [text("see this:"), image, text("what?")]],
    ["mentions and skills within", { msgtype: "richText", content: { richText: [{ type: "at", atName: "Wang" }, { text: "look" }, { type: "skill", skillData: { displayName: "search" } }] } }, [text("@Wang looksearch")]],
    ["a segment that nobody knows", { msgtype: "richText", content: { richText: [{ text: "see" }, { type: "hologram" }] } }, [text("see"), { kind: "unsupported", type: "hologram" }]],
    ["a rich text packed as JSON", { msgtype: "richText", content: JSON.stringify({ richText: [{ text: "hi" }] }) }, [text("hi")]],
    ["a picture", { msgtype: "picture", content: { downloadCode: "c", pictureDownloadCode: "p" } }, [image]],
    ["a voice with what was said", { msgtype: "audio", content: { duration: 4000, downloadCode: "c", recognition: "restart the build" } }, [{ ...image, kind: "audio", durationMs: 4000, transcript: "restart the build" }]],
    ["a video, its length left alone", { msgtype: "video", content: { duration: "5", videoType: "mp4", downloadCode: "c" } }, [{ ...image, kind: "video", name: "video.mp4", mediaType: "video/mp4" }]],
    ["a file", { msgtype: "file", content: { fileName: "plan.pdf", downloadCode: "c", spaceId: "1", fileId: "2" } }, [{ ...image, kind: "file", name: "plan.pdf", mediaType: "application/pdf" }]],
    ["a file that cannot be fetched", { msgtype: "file", content: { fileName: "plan.pdf" } }, [{ kind: "unsupported", type: "file" }]],
    ["what clients cannot send", { msgtype: "unknownMsgType", content: { unknownMsgType: "暂不支持" } }, [{ kind: "unsupported", type: "暂不支持" }]],
    ["a markdown", { msgtype: "markdown", content: { title: "T", text: "body" } }, [text("T\nbody")]],
    ["a forwarded chat", { msgtype: "chatRecord", content: { title: "Chat", summary: "A: hi" } }, [text("Chat\nA: hi")]],
    ["a card by its elements", { msgtype: "interactiveCard", content: { cardContent: { value: "a", children: [{ value: "b" }, { children: [{ value: "c" }] }] } } }, [text("a\nb\nc")]],
    ["a kind that nobody knows", { msgtype: "hologram", content: {} }, [{ kind: "unsupported", type: "hologram" }]],
    ["a kind with a name of JavaScript's", { msgtype: "constructor", content: { downloadCode: "c" } }, [{ kind: "unsupported", type: "constructor" }]],
  ])("gives %s", (_title, fields, parts) => {
    expect(partsOf(fields)).toEqual(parts);
  });

  it("leaves out the mention of the robot that some clients put into a rich text", () => {
    const content = { richText: [{ text: "@Bot" }, { text: " hello" }] };
    expect(normalised(groupMessage({ msgtype: "richText", text: undefined, content })).parts).toEqual([text("hello")]);
    expect(normalised(groupMessage({ msgtype: "richText", text: undefined, content, atUsers: [] })).parts).toEqual([text("@Bot hello")]);
  });
});

describe("normalise of an answer", () => {
  const quote = (words: string): unknown => ({ kind: "quote", text: words, messageId: "q-1" });
  const answering = (msgType: string, content: unknown): readonly MessagePart[] =>
    partsOf({ text: { content: "why?", isReplyMsg: true, repliedMsg: { msgId: "q-1", msgType, content } } });

  it.each<[string, string, unknown, readonly unknown[]]>([
    ["a text", "text", { text: "before" }, [quote("before")]],
    ["a text by its other name", "text", { content: "before" }, [quote("before")]],
    ["a text packed as JSON", "text", '{"text":"before"}', [quote("before")]],
    ["bare words", "text", "before", [quote("before")]],
    ["a rich text with its picture", "richText", { richText: [{ msgType: "text", content: "see" }, { msgType: "picture", downloadCode: "c" }] }, [quote("see\n(image)"), image]],
    ["a picture", "picture", { downloadCode: "c" }, [quote("(image)"), image]],
    ["a file without a code", "file", { fileName: "a.pdf" }, [quote("(file)")]],
    ["an answer to an answer", "text", { text: "second", isReplyMsg: true, repliedMsg: { msgType: "text", content: { text: "first" } } }, [quote("first\nsecond")]],
    ["a card of the robot's own", "interactiveCard", {}, [quote("(interactiveCard)")]],
  ])("quotes %s", (_title, msgType, content, parts) => {
    expect(answering(msgType, content)).toEqual([...parts, text("why?")]);
  });

  it("does not follow quotes for ever", () => {
    const nested = (depth: number): unknown => (depth === 0 ? {} : { text: `t${depth}`, isReplyMsg: true, repliedMsg: { msgType: "text", content: nested(depth - 1) } });
    expect(answering("text", nested(9))[0]).toEqual(quote("t7\nt8\nt9"));
  });
});
