import type { Attachment, MessagePart } from "@revka/core";
import type { DingtalkContent, DingtalkQuote } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openDingtalk } from "./dingtalk-house.ts";

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52]);
const PDF = new TextEncoder().encode("%PDF-1.7\nplan");
const BYTES = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);

describe("what people send", () => {
  it.each<[string, DingtalkContent, readonly unknown[]]>([
    ["a text", { msgtype: "text", text: "  hello\nthere  " }, [{ kind: "text", text: "hello\nthere" }]],
    ["rich text", { msgtype: "richText", segments: [{ text: "see this:" }, { picture: PNG }, { text: "what is it?" }] }, [
      { kind: "text", text: "see this:" }, { kind: "image" }, { kind: "text", text: "what is it?" },
    ]],
    ["a picture", { msgtype: "picture", bytes: PNG }, [{ kind: "image" }]],
    ["a voice message", { msgtype: "audio", bytes: BYTES, recognition: "restart the build", durationMs: 4_000 }, [{ kind: "audio", transcript: "restart the build", durationMs: 4_000 }]],
    ["a voice message that nobody understood", { msgtype: "audio", bytes: BYTES }, [{ kind: "audio" }]],
    ["a video", { msgtype: "video", bytes: BYTES, videoType: "mp4", duration: "5" }, [{ kind: "video", mediaType: "video/mp4" }]],
    ["a file", { msgtype: "file", bytes: PDF, fileName: "plan.pdf" }, [{ kind: "file", name: "plan.pdf", mediaType: "application/pdf" }]],
    ["a kind that the platform knows not to support", { msgtype: "other", as: "unknownMsgType", content: { unknownMsgType: "暂不支持" } }, [{ kind: "unsupported", type: "暂不支持" }]],
    ["a kind that nobody has heard of", { msgtype: "other", as: "hologram", content: { depth: 3 } }, [{ kind: "unsupported", type: "hologram" }]],
    ["a forwarded conversation", { msgtype: "other", as: "chatRecord", content: { title: "Ops", summary: "Li: done" } }, [{ kind: "text", text: "Ops\nLi: done" }]],
  ])("arrives and is acknowledged: %s", async (_title, content, expected) => {
    const { dingtalk, listening } = await openDingtalk();
    const { next } = await listening();
    dingtalk.say("staff-1", content);
    const { parts } = await next();
    expect(parts).toMatchObject(expected);
    expect(parts).toHaveLength(expected.length);
    expect(await dingtalk.nextAck()).toMatchObject({ code: 200, counts: true });
  });

  it.each<[string, readonly Record<string, unknown>[], readonly MessagePart[]]>([
    ["that HarmonyOS begins with the mention of the robot", [{ text: "@bot " }, { text: "你好" }], [{ kind: "text", text: "你好" }]],
    ["with mentions of others, skills and emoji", [{ type: "at", atName: "Li", atUserId: "$:1" }, { text: "run " }, { type: "skill", skillData: { skillId: "s", displayName: "deploy" } }], [{ kind: "text", text: "@Li run deploy" }]],
  ])("in a group may be rich text %s", async (_title, segments, expected) => {
    const { dingtalk, listening } = await openDingtalk();
    const { next } = await listening();
    dingtalk.say("staff-1", { msgtype: "richText", segments }, { group: "cidGROUP==" });
    expect((await next()).parts).toEqual(expected);
  });

  it.each<[string, DingtalkQuote, string]>([
    ["a text", { msgType: "text", content: { text: "the question" } }, "the question"],
    ["a text of other clients", { msgType: "text", content: { content: "the question" } }, "the question"],
    ["a text as JSON in a string", { msgType: "text", content: '{"text":"the question"}' }, "the question"],
    ["rich text", { msgType: "richText", content: { richText: [{ msgType: "text", content: "the " }, { msgType: "text", content: "question" }] } }, "the question"],
    ["markdown", { msgType: "markdown", content: { text: "the **question**" } }, "the **question**"],
    ["a voice message", { msgType: "audio", content: { downloadCode: "c", recognition: "the question" } }, "(the question)"],
    ["a file", { msgType: "file", content: { fileName: "plan.pdf" } }, "(file)"],
    ["a card of the robot", { msgType: "interactiveCard", content: { cardContent: { elementType: "root", children: [{ value: "the" }, { value: "question" }] } } }, "the\nquestion"],
  ])("may quote %s", async (_title, quote, text) => {
    const { dingtalk, listening } = await openDingtalk();
    const { next } = await listening();
    dingtalk.say("staff-1", "and the answer?", { quote: { ...quote, msgId: "msgQ==" } });
    const { parts } = await next();
    expect(parts[0]).toEqual({ kind: "quote", text, messageId: "msgQ==" });
    expect(parts.at(-1)).toEqual({ kind: "text", text: "and the answer?" });
  });
});

describe("an attachment", () => {
  it.each<[string, DingtalkContent, Uint8Array, string | undefined]>([
    ["a picture", { msgtype: "picture", bytes: PNG }, PNG, "image/png"],
    ["a picture within rich text", { msgtype: "richText", segments: [{ picture: PNG }] }, PNG, "image/png"],
    ["a file", { msgtype: "file", bytes: PDF, fileName: "plan.pdf" }, PDF, "application/pdf"],
    ["a voice message", { msgtype: "audio", bytes: BYTES }, BYTES, undefined],
  ])("is fetched with the app's token: %s", async (_title, content, bytes, mediaType) => {
    const { sandbox: { record }, dingtalk, listening } = await openDingtalk();
    const { next, channel } = await listening();
    dingtalk.say("staff-1", content);
    const media = await channel.download?.(attachmentIn((await next()).parts), { maxBytes: 1_000_000 });
    expect(media?.bytes).toEqual(bytes);
    if (mediaType !== undefined) expect(media?.mediaType).toBe(mediaType);
    // The host that stores files has no business with the token.
    const fetched = record.entries.at(-1);
    expect(fetched?.headers).not.toHaveProperty("x-acs-dingtalk-access-token");
    expect(record.entries.at(-2)?.headers).toHaveProperty("x-acs-dingtalk-access-token");
  });

  it("is fetched with a fresh token after the platform revoked the old one", async () => {
    const { dingtalk, listening, calls } = await openDingtalk();
    const { next, channel } = await listening();
    for (const status of [400, 401] as const) {
      dingtalk.behave({ badTokenStatus: status });
      dingtalk.say("staff-1", { msgtype: "file", bytes: PDF, fileName: "plan.pdf" });
      const attachment = attachmentIn((await next()).parts);
      await channel.download?.(attachment, { maxBytes: 1_000 });
      dingtalk.revokeToken();
      expect((await channel.download?.(attachment, { maxBytes: 1_000 }))?.bytes).toEqual(PDF);
    }
    expect(calls("/v1.0/oauth2/accessToken")).toHaveLength(3);
  });

  it("is refused beyond the bound that the caller sets", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { next, channel } = await listening();
    dingtalk.say("staff-1", { msgtype: "file", bytes: BYTES, fileName: "data.bin" });
    const attachment = attachmentIn((await next()).parts);
    await expect(channel.download?.(attachment, { maxBytes: 999 })).rejects.toMatchObject({ code: "too-large" });
  });

  it("whose code is no longer good fails with the platform's own words", async () => {
    const { dingtalk, listening, pass } = await openDingtalk();
    const { next, channel } = await listening();
    dingtalk.behave({ downloadCodeLifeMs: 60_000 });
    dingtalk.say("staff-1", { msgtype: "picture", bytes: PNG });
    const attachment = attachmentIn((await next()).parts);
    await pass(60_000);
    await expect(channel.download?.(attachment, { maxBytes: 1_000 })).rejects.toMatchObject({ code: "platform", platformCode: "invalidParameter.robotCode.downloadCode" });
  });
});

function attachmentIn(parts: readonly MessagePart[]): Attachment {
  const attachment = parts.find((part) => "ref" in part);
  if (attachment === undefined) throw new TypeError("no attachment");
  return attachment;
}
