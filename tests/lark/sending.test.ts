import { createMemoryStore } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openLark, until, type LarkHouse } from "./lark-house.ts";

const TOKEN = "/open-apis/auth/v3/tenant_access_token/internal";
const MESSAGES = "/open-apis/im/v1/messages*";
const REACTIONS = "/open-apis/im/v1/messages/*";
const ANN = { conversationId: "ou_ann" } as const;
const GROUP = { conversationId: "oc_team" } as const;

/** What readers see of several cards, in one piece and without the breaks that a card ends with. */
const joined = ({ lark }: LarkHouse): string => lark.sent.map(({ text }) => text.replace(/\n$/, "")).join("\n");

describe("an access token", () => {
  it.each([["99991663", 400], ["HTTP 401", 401]] as const)("that is refused (%s) in the middle of a long answer is renewed, and nothing is lost or repeated (LARK-51, LARK-52)", async (_title, badTokenStatus) => {
    const house = await openLark();
    const { lark, sandbox: { record } } = house;
    lark.behave({ badTokenStatus });
    const text = Array.from({ length: 3_000 }, (_, line) => `line ${line} of the answer`).join("\n");
    void record.next(({ path, answer }) => path.startsWith("/open-apis/im/") && answer?.status === 200).then(() => lark.revokeTokens());
    await house.during(house.open().send({ target: ANN, text }));
    expect(joined(house)).toBe(text);
    expect(lark.sent.length).toBeGreaterThan(2);
    expect(house.calls(TOKEN).length).toBe(2);
  });

  it.each([99991663, 99991677, 99991668])("that is refused twice (%i) is refused for good: one retry, no more (LARK-53)", async (code) => {
    const house = await openLark();
    house.lark.refuse(code, 2, { path: MESSAGES });
    await expect(house.during(house.open().send({ target: ANN, text: "hello" }))).rejects.toMatchObject({ code: "auth", platformCode: String(code) });
    expect(house.calls(MESSAGES)).toHaveLength(2);
    expect(house.lark.sent).toEqual([]);
  });

  it("that is refused once is used again where the platform gives the same one", async () => {
    const house = await openLark();
    house.lark.refuse(99991663, 1, { path: MESSAGES });
    await house.during(house.open().send({ target: ANN, text: "hello" }));
    expect(house.calls(TOKEN)).toHaveLength(2);
    expect(house.lark.sent).toMatchObject([{ text: "hello" }]);
  });

  it("is asked for once by fifty sends at a time (LARK-50)", async () => {
    const house = await openLark();
    const channel = house.open();
    const all = Array.from({ length: 50 }, (_, index) => channel.send({ target: { conversationId: `ou_user${index}` }, text: `to ${index}` }));
    await house.during(Promise.all(all));
    expect(house.calls(TOKEN)).toHaveLength(1);
    expect(house.lark.sent).toHaveLength(50);
  });
});

describe("a platform that has had enough", () => {
  it("is left alone as long as it asks for, by the whole chat", async () => {
    const house = await openLark();
    const channel = house.open();
    house.lark.refuse(99991400, 1, { path: MESSAGES, httpStatus: 429, headers: { "x-ogw-ratelimit-reset": "3" } });
    const from = house.clock.now();
    await house.during(Promise.all([channel.send({ target: ANN, text: "one" }), channel.send({ target: ANN, text: "two" })]));
    expect(house.lark.sent.map(({ text, at }) => [text, at - from >= 3_000])).toEqual([["one", true], ["two", true]]);
  });

  it("gets no more than five messages a second into one chat, so that it refuses none", async () => {
    const house = await openLark();
    const channel = house.open();
    const texts = Array.from({ length: 23 }, (_, index) => `message ${index}`);
    await house.during(Promise.all(texts.map((text) => channel.send({ target: ANN, text }))));
    expect(house.lark.sent.map(({ text }) => text)).toEqual(texts);
    expect(house.calls(MESSAGES)).toHaveLength(texts.length);
  });

  it("of reactions does not keep an answer from being sent", async () => {
    const house = await openLark();
    const { channel, next } = await house.listening();
    house.lark.refuse(99991400, 100, { path: REACTIONS, httpStatus: 429, headers: { "x-ogw-ratelimit-reset": "60" } });
    house.lark.say("ou_ann", "hello");
    const { id: messageId } = await next();
    const target = { ...ANN, messageId };
    const sign = channel.startTyping?.(target);
    await until(() => house.calls(`/open-apis/im/v1/messages/${messageId}/reactions`).length > 0);
    await channel.send({ target: ANN, text: "an answer" });
    await sign?.[Symbol.asyncDispose]();
    expect(house.lark.sent).toMatchObject([{ text: "an answer" }]);
    expect(house.calls(`/open-apis/im/v1/messages/${messageId}/reactions*`)).toHaveLength(1);
  });
});

describe("a long answer", () => {
  it.each<[string, string]>([
    ["100 kB of Chinese", Array.from({ length: 1_000 }, (_, line) => `第${line}行：一行很长的文字一行很长的文字一行很长的文字`).join("\n")],
    ["lines of quotes and backslashes, which double in JSON", Array.from({ length: 2_000 }, (_, line) => `"${line}" \\"say\\" 'it'`).join("\n")],
    ["short lines, whose ends are three bytes each", Array.from({ length: 20_000 }, (_, line) => String(line % 10)).join("\n")],
  ])("of %s is taken card by card, whole and in order (LARK-49, LARK-80, GW-59)", async (_title, text) => {
    const house = await openLark();
    await house.during(house.open().send({ target: ANN, text }));
    expect(joined(house)).toBe(text);
    expect(house.lark.sent.length).toBeGreaterThan(1);
    for (const { kind, bytes } of house.lark.sent) expect([kind, bytes <= 30_720]).toEqual(["interactive", true]);
  });

  it("of one line is cut between letters (LARK-49)", async () => {
    const house = await openLark();
    const text = "🙂".repeat(10_000);
    await house.during(house.open().send({ target: ANN, text }));
    expect(house.lark.sent.map((sent) => sent.text).join("")).toBe(text);
  });

  it("with a code block over the cut closes and opens it, and with nine tables has no more than three on a card (LARK-49)", async () => {
    const house = await openLark();
    const channel = house.open();
    await house.during(channel.send({ target: ANN, text: `\`\`\`ts\n${"const a = 1;\n".repeat(5_000)}\`\`\`` }));
    for (const { text } of house.lark.sent) expect(text.match(/^```/gm)).toHaveLength(2);
    const blocks = house.lark.sent.length;
    const tables = Array.from({ length: 9 }, (_, index) => `Table ${index}\n\n| a |\n|---|\n| ${index} |`);
    await house.during(channel.send({ target: ANN, text: tables.join("\n\n") }));
    expect(house.lark.sent.slice(blocks).map(({ text }) => text.match(/^\|---/gm)?.length)).toEqual([3, 3, 3]);
  });

  it.each([230099, 230025])("that is refused all the same (%i) comes in smaller pieces, and what is small already as rich text", async (code) => {
    const house = await openLark();
    const text = Array.from({ length: 40 }, (_, line) => `line ${line} of the answer`).join("\n");
    house.lark.refuse(code, 1, { path: MESSAGES });
    await house.during(house.open().send({ target: ANN, text }));
    expect(house.lark.sent.length).toBeGreaterThan(1);
    expect(new Set(house.lark.sent.map(({ kind }) => kind))).toEqual(new Set(["interactive"]));
    expect(joined(house)).toBe(text);
    house.lark.refuse(code, 1, { path: MESSAGES });
    await house.during(house.open().send({ target: ANN, text: "a short one" }));
    expect(house.lark.sent.at(-1)).toMatchObject({ kind: "post", text: "a short one" });
  });

  it("mentions nobody and shows no picture from elsewhere, which the platform would refuse", async () => {
    const house = await openLark();
    await house.open().send({ target: ANN, text: 'hi <at id=all></at> ![x](https://example.com/x.png) <at user_id="all">all</at>' });
    expect(house.lark.sent).toHaveLength(1);
    expect(house.lark.sent[0]?.text).not.toMatch(/<at|!\[/);
  });
});

describe("an answer whose question or chat is gone", () => {
  it("goes to the chat where the question was recalled", async () => {
    const house = await openLark();
    const messageId = house.lark.say("ou_ann", "hello", { group: "oc_team" });
    house.lark.recall(messageId);
    await house.during(house.open().send({ target: { ...GROUP, messageId }, text: "an answer" }));
    expect(house.lark.sent).toMatchObject([{ via: "send", group: "oc_team", text: "an answer" }]);
  });

  it.each(["leave", "dissolve"] as const)("fails at once where the bot had to %s it", async (how) => {
    const house = await openLark();
    const messageId = house.lark.say("ou_ann", "hello", { group: "oc_team" });
    house.lark[how]("oc_team");
    await expect(house.during(house.open().send({ target: GROUP, text: "an answer" }))).rejects.toMatchObject({ code: "platform", platformCode: how === "leave" ? "230002" : "232009" });
    expect(house.calls("/open-apis/im/v1/messages")).toHaveLength(1);
    expect(messageId).toMatch(/^om_/);
  });

  it("stays in the thread of its question", async () => {
    const house = await openLark();
    const { channel, next } = await house.listening({ store: createMemoryStore() });
    const root = house.lark.say("ou_ann", "root", { group: "oc_team" });
    await next();
    house.lark.say("ou_bob", "in the thread", { group: "oc_team", replyTo: root, inThread: true });
    const { id: messageId, conversation: { threadId } } = await next();
    expect(threadId).toMatch(/^omt_/);
    await house.during(channel.send({ target: { ...GROUP, messageId, ...(threadId !== undefined && { threadId }) }, text: "an answer" }));
    expect(house.lark.sent).toMatchObject([{ via: "reply", parentId: messageId, threadId }]);
  });
});
