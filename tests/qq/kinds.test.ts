import type { QqContent } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openQq } from "./qq-house.ts";

describe("what people write", () => {
  it("in private belongs to the sender, and keeps the platform's id (QQ-D12)", async () => {
    const { qq, clock, listening } = await openQq();
    const { next } = await listening();
    const id = qq.say("user-1", "hello");
    expect(await next()).toMatchObject({
      id, channel: "qq", conversation: { id: "user:user-1", kind: "direct" }, sender: { id: "user-1" }, mentionsBot: true, sentAt: clock.now(),
      parts: [{ kind: "text", text: "hello" }],
    });
  });

  it("in a group belongs to the group", async () => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    qq.say("user-1", "你好", { group: "G1" });
    expect(await next()).toMatchObject({ conversation: { id: "group:G1", kind: "group" }, sender: { id: "user-1", name: "user-1" }, mentionsBot: true, parts: [{ kind: "text", text: "你好" }] });
  });

  const raw = (text: string): QqContent => ({ text: [{ raw: text }] });

  it.each<[string, QqContent, string]>([
    ["escapes", { text: "a < b && b > c" }, "a < b && b > c"],
    ["escapes that were typed", { text: "&lt; is &amp;lt;" }, "&lt; is &amp;lt;"],
    ["an escape of an escape", raw("&amp;lt;"), "&lt;"],
    ["a face", { text: ["well ", { face: "264", name: "捂脸" }, " done"] }, "well [emoji: 捂脸] done"],
    ["a face whose data cannot be read", raw('well <faceType=1,faceId="264",ext="%%%">'), "well [emoji]"],
    ["a face whose data are no JSON", raw(`well <faceType=1,faceId="264",ext="${Buffer.from("no json").toString("base64")}">`), "well [emoji]"],
    ["a face without data", raw('well <faceType=3,faceId="",ext="">'), "well [emoji]"],
    ["blanks around it", { text: "  hello\nthere \n" }, "hello\nthere"],
  ])("is shown as people see it: %s", async (_title, content, expected) => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    qq.say("user-1", content);
    expect((await next()).parts).toEqual([{ kind: "text", text: expected }]);
  });

  it("mentions others by name, and the bot not at all", async () => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    const mentions = [{ scope: "single", id: qq.botId, is_you: true, bot: true }, { scope: "single", id: "M2", member_openid: "M2", username: "Lin" }];
    qq.say("user-1", { text: [{ mention: "M2" }, " and I agree"] }, { group: "G1", hearsAll: true, overrides: { mentions } });
    expect((await next()).parts).toEqual([{ kind: "text", text: "@Lin and I agree" }]);
  });
});

describe("a quote", () => {
  it.each<[string, QqContent["quote"], string]>([
    ["a text", { text: "the question" }, "the question"],
    ["a text with escapes", { text: "a < b" }, "a < b"],
    ["a card", { ark: { prompt: "the question" } }, "the question"],
    ["a chat record", { forwarded: [{ text: "the" }, { text: "question" }] }, "the\nquestion"],
  ])("tells what it quotes: %s", async (_title, quote, text) => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    qq.say("user-1", { text: "and the answer?", ...(quote !== undefined && { quote }) });
    const { parts } = await next();
    expect(parts[0]).toMatchObject({ kind: "quote", text });
    expect(parts.at(-1)).toEqual({ kind: "text", text: "and the answer?" });
  });

  it("whose words the platform withholds is looked up among the messages that came before", async () => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    qq.say("user-1", "the question", { overrides: { message_scene: { source: "default", ext: ["msg_idx=REFIDX_Q=="] } } });
    await next();
    qq.say("user-1", { text: "and the answer?", quote: { refIdx: "REFIDX_Q==", isWithheld: true } });
    expect((await next()).parts[0]).toMatchObject({ kind: "quote", text: "the question" });
    qq.say("user-1", { text: "and this one?", quote: { refIdx: "REFIDX_UNKNOWN==", isWithheld: true } });
    expect((await next()).parts.at(-1)).toEqual({ kind: "text", text: "and this one?" });
  });
});

describe("what is passed on", () => {
  it("is shown with what it holds: a chat record", async () => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    qq.say("user-1", { forwarded: [{ text: "Li: is it done?" }, { text: "Wu: it is" }] });
    const [part] = (await next()).parts;
    expect(part).toMatchObject({ text: expect.stringMatching(/Li: is it done\?\n.*Wu: it is/s) as unknown });
  });

  it("ends at a sane depth, however deep it is", async () => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    let deep: QqContent = { text: "the bottom" };
    for (let n = 0; n < 50; n += 1) deep = { text: `level ${n}`, forwarded: [deep] };
    qq.say("user-1", deep);
    const shown = JSON.stringify((await next()).parts);
    expect(shown).not.toContain("the bottom");
    expect(shown).toContain("level 49");
  });

  it("is told by its headline: a card", async () => {
    const { qq, listening } = await openQq();
    const { next } = await listening();
    qq.say("user-1", { ark: { prompt: "[Share] A page", ark_type: 1 } });
    expect((await next()).parts).toMatchObject([{ text: "[Share] A page" }]);
  });
});
