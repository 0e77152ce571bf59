import { describe, expect, it } from "vitest";
import { asShown } from "./as-shown.ts";
import { openDingtalk, openTalk, PATHS, until } from "./dingtalk-house.ts";

const NO_WEBHOOK = "No session webhook found for chat staff-1. The user must send a message first to establish a session.";
const TARGET = { conversationId: "staff-1" };

/** A text that becomes so many messages. */
const textOfParts = (count: number): string => Array.from({ length: count }, (_, n) => `part ${n + 1} `.padEnd(3_700, "x")).join("\n");

describe("a reply", () => {
  it("goes to the webhook of a private conversation as markdown (DT-14, DT-16, DT-23)", async () => {
    const { dingtalk, channel } = await openTalk();
    const receipt = await channel.send({ target: TARGET, text: "**hello** to you" });
    expect(receipt).toMatchObject({ route: "webhook" });
    expect(dingtalk.sent).toMatchObject([{ via: "webhook", user: "staff-1", kind: "markdown", title: "Revka", text: "**hello** to you" }]);
  });

  it("goes to the webhook of a group, and to no other (DT-14, DT-15, DT-24)", async () => {
    const { dingtalk, channel, next } = await openTalk();
    for (const group of ["cidA==", "cidB=="]) {
      dingtalk.say("staff-1", "hello", { group });
      await next();
    }
    await channel.send({ target: { conversationId: "cidA==", kind: "group" }, text: "for A" });
    await channel.send({ target: TARGET, text: "for one" });
    expect(dingtalk.sent).toMatchObject([{ user: "", group: "cidA==", text: "for A" }, { user: "staff-1", text: "for one" }]);
    expect(dingtalk.sent[1]).not.toHaveProperty("group");
  });

  it("may come again and again, and after another message brought another webhook (DT-15)", async () => {
    const { dingtalk, channel, calls, next } = await openTalk();
    dingtalk.behave({ rotatesWebhooks: true });
    for (const text of ["one", "two"]) await channel.send({ target: TARGET, text });
    dingtalk.say("staff-1", "hello again");
    await next();
    await channel.send({ target: TARGET, text: "three" });
    expect(dingtalk.sent.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    const [first, second, third] = calls(PATHS.webhook).map(({ query }) => query);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("finds the webhook again after a restart (DT-15)", async () => {
    const { dingtalk, open, stop } = await openTalk();
    await stop();
    await open().send({ target: TARGET, text: "where were we?" });
    expect(dingtalk.sent).toMatchObject([{ user: "staff-1", text: "where were we?" }]);
  });

  it("is plain text where that is asked for", async () => {
    const { dingtalk, channel } = await openTalk();
    await channel.send({ target: TARGET, text: "a * b\nc", format: "text" });
    expect(dingtalk.sent).toMatchObject([{ kind: "text", text: "a * b\nc" }]);
  });

  it("keeps its lines apart and its code as it is", async () => {
    const { dingtalk, channel } = await openTalk();
    const text = "one\ntwo\n\n- a\n- b\n\n```\nif (x < y)\n  <b>\n```\nafter <b>\n\n| a | b |\n| - | - |\n| 1 | 2 |";
    await channel.send({ target: TARGET, text });
    expect(dingtalk.sent[0]?.text).toBe("one  \ntwo\n\n- a\n- b\n\n```\nif (x < y)\n  <b>\n```\nafter &lt;b>\n\n| a | b |\n| - | - |\n| 1 | 2 |");
  });
});

describe("a send without a webhook (DT-17, DT-18)", () => {
  it("fails in the specification's words before anybody wrote, and asks the platform nothing", async () => {
    const { sandbox: { record }, open, failureOf } = await openDingtalk();
    expect(await failureOf(open(), "staff-1")).toMatchObject({ code: "no-route", message: NO_WEBHOOK, conversationId: "staff-1" });
    expect(record.entries).toEqual([]);
  });

  it("fails so when the webhook's ninety minutes are over, and works until then", async () => {
    const { dingtalk, channel, pass, calls, failureOf } = await openTalk();
    await pass(5_399_000);
    await channel.send({ target: TARGET, text: "just in time" });
    await pass(1_000);
    expect(await failureOf(channel, "staff-1")).toMatchObject({ code: "no-route", message: NO_WEBHOOK });
    expect(calls(PATHS.webhook)).toHaveLength(1);
    expect(dingtalk.sent).toHaveLength(1);
  });

  it.each([-3, 3])("goes by the platform's clock, with one's own %d hours off", async (hours) => {
    const { dingtalk, skew, listening, pass, failureOf } = await openDingtalk();
    skew(hours * 3_600_000);
    const { channel, next } = await listening();
    dingtalk.say("staff-1", "hello");
    await next();
    await pass(5_399_000);
    await channel.send({ target: TARGET, text: "just in time" });
    await pass(1_000);
    expect(await failureOf(channel, "staff-1")).toMatchObject({ message: NO_WEBHOOK });
    expect(dingtalk.sent).toHaveLength(1);
  });

  it("fails so when the platform no longer knows the session, which is not asked for again", async () => {
    const { dingtalk, channel, calls, failureOf, next } = await openTalk();
    dingtalk.expireWebhooks("staff-1");
    for (let n = 0; n < 3; n += 1) expect(await failureOf(channel, "staff-1")).toMatchObject({ code: "no-route", message: NO_WEBHOOK });
    expect(calls(PATHS.webhook)).toHaveLength(1);
    dingtalk.say("staff-1", "hello again");
    await next();
    await channel.send({ target: TARGET, text: "welcome back" });
    expect(dingtalk.sent).toHaveLength(1);
  });

  it.each([["expired already", -1_000], ["without an end", undefined]])("takes a webhook %s for what it is", async (_title, lifeMs) => {
    const { dingtalk, clock, listening, pass, failureOf } = await openDingtalk();
    const { channel, next } = await listening();
    dingtalk.say("staff-1", "hello", { overrides: { sessionWebhookExpiredTime: lifeMs === undefined ? undefined : clock.now() + lifeMs } });
    await next();
    if (lifeMs === undefined) {
      await pass(5_399_000);
      await channel.send({ target: TARGET, text: "just in time" });
      await pass(1_000);
    }
    expect(await failureOf(channel, "staff-1")).toMatchObject({ code: "no-route", message: NO_WEBHOOK });
  });

  it("fails so in private where somebody wrote in a group only, and the group sees nothing of it", async () => {
    const { dingtalk, listening, failureOf } = await openDingtalk();
    const { channel, next } = await listening();
    dingtalk.say("staff-1", "hello", { group: "cidGROUP==" });
    await next();
    expect(await failureOf(channel, "staff-1")).toMatchObject({ message: NO_WEBHOOK });
    expect(dingtalk.sent).toEqual([]);
  });

  it("goes to that group where the operator wants it so, but rather to a private conversation (DT-15)", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { channel, next } = await listening({ senderFallbackToGroup: true });
    dingtalk.say("staff-1", "hello", { group: "cidGROUP==" });
    await next();
    await channel.send({ target: TARGET, text: "for all to read" });
    dingtalk.say("staff-1", "hello");
    await next();
    dingtalk.say("staff-1", "hello", { group: "cidGROUP==" });
    await next();
    await channel.send({ target: TARGET, text: "for one" });
    expect(dingtalk.sent).toMatchObject([{ group: "cidGROUP==", text: "for all to read" }, { user: "staff-1", text: "for one" }]);
  });

  it("fails so to the first of 10,050 conversations: the newest 10,000 are kept", async () => {
    const { dingtalk, calls, listening, failureOf } = await openDingtalk();
    const { channel, messages } = await listening();
    for (let n = 1; n <= 10_050; n += 1) {
      dingtalk.say(`staff-${n}`, "hello");
      if (n % 50 === 0) await until(() => messages.length === n);
    }
    for (const n of [1, 50]) expect(await failureOf(channel, `staff-${n}`)).toMatchObject({ code: "no-route" });
    expect(calls(PATHS.webhook)).toEqual([]);
    for (const n of [51, 10_050]) await channel.send({ target: { conversationId: `staff-${n}` }, text: "hello" });
    expect(dingtalk.sent.map(({ user }) => user)).toEqual(["staff-51", "staff-10050"]);
  }, 60_000);
});

describe("a long reply", () => {
  it("of 60,000 characters with code and emoji arrives in order, in messages that fit and are whole", async () => {
    const { dingtalk, channel, during } = await openTalk();
    const block = "some 文字 and 🙂 in a line\n".repeat(20);
    const code = `\`\`\`ts\n${"const answer = { of: 42, und: \"läuft\" };\n".repeat(150)}\`\`\`\n`;
    const text = `${block}${code}`.repeat(Math.ceil(60_000 / (block.length + code.length))).slice(0, 60_000);
    await during(channel.send({ target: TARGET, text }));
    const { sent } = dingtalk;
    expect(sent.length).toBeGreaterThan(15);
    expect(sent.map((message) => asShown(message.text))).toEqual(channel.split(text).map(asShown));
    expect(sent.map(({ title }) => title)).toEqual(sent.map((_message, index) => `Revka (${index + 1}/${sent.length})`));
    for (const message of sent) {
      expect(message.bytes).toBeLessThan(20_000);
      expect(message.text.isWellFormed()).toBe(true);
      expect([...message.text.matchAll(/^```/gm)].length % 2).toBe(0);
    }
    const lines = sent.flatMap((message) => asShown(message.text).split("\n").filter((line) => line.startsWith("const answer")));
    expect(lines.length).toBe([...text.matchAll(/^const answer.*$/gm)].length);
  });

  it("of wide characters alone stays within the platform's bytes", async () => {
    const { dingtalk, channel } = await openTalk();
    const text = "长".repeat(20_000);
    await channel.send({ target: TARGET, text });
    expect(dingtalk.sent.map((message) => message.text).join("")).toBe(text);
  });

  it("ends with the part that fails, and tells how many arrived", async () => {
    const { sandbox: { faults }, dingtalk, calls, channel, failureOf } = await openTalk();
    faults.add({ path: PATHS.webhook, skip: 2, fault: { kind: "answer", body: '{"errcode":430102,"errmsg":"含有不合适的文本"}' } });
    expect(await failureOf(channel, "staff-1", { text: textOfParts(5) })).toMatchObject({ code: "platform", progress: { delivered: 2, total: 5 } });
    expect(dingtalk.sent).toHaveLength(2);
    expect(calls(PATHS.webhook)).toHaveLength(3);
  });

  it("of more than twenty messages goes over a minute, and the platform never has to say slow down", async () => {
    const { dingtalk, clock, channel, during, calls } = await openTalk();
    const startedAt = clock.now();
    await during(channel.send({ target: TARGET, text: textOfParts(45) }));
    const times = dingtalk.sent.map(({ at }) => at - startedAt);
    expect(times).toHaveLength(45);
    expect(calls(PATHS.webhook)).toHaveLength(45);
    expect(times[19]).toBeLessThan(60_000);
    expect(times[20]).toBeGreaterThanOrEqual(60_000);
    expect(times[40]).toBeGreaterThanOrEqual(120_000);
  });

  it("does not keep another conversation waiting", async () => {
    const { dingtalk, channel, during, next } = await openTalk();
    dingtalk.say("staff-2", "hello");
    await next();
    const long = channel.send({ target: TARGET, text: textOfParts(25) });
    await channel.send({ target: { conversationId: "staff-2" }, text: "at once" });
    expect(dingtalk.sent.filter(({ user }) => user === "staff-1").length).toBeLessThan(25);
    await during(long);
  });
});
