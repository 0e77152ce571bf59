import type { Fault } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openQq, openTalk, until } from "./qq-house.ts";

const MESSAGES = "/v2/users/user-1/messages";
const USER = { conversationId: "user:user-1" } as const;
const LOST: Fault = { kind: "reset", at: "after-work" };

describe("a recipient", () => {
  it.each<[string, string]>([
    ["user:user-1", MESSAGES],
    ["user-1", MESSAGES],
    ["group:G1", "/v2/groups/G1/messages"],
  ])("is written as %s (QQ-D04)", async (conversationId, path) => {
    const { qq, open, calls } = await openQq();
    qq.meet("user-1");
    qq.meet({ group: "G1" });
    await open().send({ target: { conversationId }, text: "hello" });
    expect(calls(path)).toHaveLength(1);
  });

  it.each(["group:../x", "user:a/b", "group:", "user:", "a?b", "a#b", "..", "user:a\nb", "group:%2e%2e"])("that leads elsewhere is refused before any call: %j (QQ-D04)", async (conversationId) => {
    const { sandbox: { record }, open, failureOf } = await openQq();
    expect(await failureOf(open().send({ target: { conversationId }, text: "hello" }))).toBeInstanceOf(Error);
    expect(record.entries.filter(({ path }) => path.startsWith("/v2"))).toEqual([]);
  });

  it("is the notification target where none is given (QQ-D02)", async () => {
    const { qq, open } = await openQq();
    qq.meet({ group: "G1" });
    await open({ notificationTarget: "group:G1" }).send({ target: { conversationId: "" }, text: "the build is green" });
    expect(qq.sent).toMatchObject([{ group: "G1", text: "the build is green" }]);
  });

  it("that belongs to another bot is told as the platform's no", async () => {
    const { open, failureOf, calls } = await openQq();
    expect(await failureOf(open().send({ target: USER, text: "hello" }))).toMatchObject({ code: "platform", platformCode: "11255" });
    expect(calls(MESSAGES)).toHaveLength(1);
  });
});

describe("an answer whose fate is unknown", () => {
  it.each<[string, Fault]>([
    ["a reset", LOST],
    ["a 504", { kind: "answer", at: "after-work", status: 504 }],
    ["a page", { kind: "answer", at: "after-work", status: 502, body: "<h1>Bad Gateway</h1>" }],
    ["a cut", { kind: "cut" }],
  ])("after %s is sent again under the same number, and shows once", async (_title, fault) => {
    const { sandbox: { faults }, qq, reply, during, calls } = await openTalk();
    faults.add({ path: MESSAGES, fault });
    const receipt = await during(reply("hello"));
    expect(qq.sent).toMatchObject([{ text: "hello", msgSeq: 1 }]);
    const numbers = calls(MESSAGES).map(({ body }) => (JSON.parse(body.text) as { msg_seq: number }).msg_seq);
    expect(numbers).toEqual([1, 1]);
    expect(receipt.messageIds.length).toBeLessThanOrEqual(1);
    await reply("and more");
    expect(qq.sent).toMatchObject([{ text: "hello" }, { text: "and more", msgSeq: 2 }]);
  });

  it("is sent again by the host with the same key, and shows once", async () => {
    const { sandbox: { faults }, qq, reply, failureOf } = await openTalk();
    const lost = faults.add({ path: MESSAGES, times: "always", fault: LOST });
    expect(await failureOf(reply("hello", { idempotencyKey: "key-1" }))).toMatchObject({ code: "unknown-outcome" });
    lost.release();
    await reply("hello", { idempotencyKey: "key-1" });
    expect(qq.sent).toMatchObject([{ text: "hello", msgSeq: 1 }]);
  });

  it("is sent again by the next program with the same key, and shows once", async () => {
    const { sandbox: { faults }, qq, reply, target, failureOf, stop, open } = await openTalk();
    const lost = faults.add({ path: MESSAGES, times: "always", fault: LOST });
    await failureOf(reply("hello", { idempotencyKey: "key-1" }));
    await stop();
    lost.release();
    await open().send({ target, text: "hello", idempotencyKey: "key-1" });
    expect(qq.sent).toHaveLength(1);
  });

  it("that was never sent before and is called a duplicate goes out under the next number", async () => {
    const { qq, reply, during } = await openTalk();
    qq.refuse(40054005);
    await during(reply("hello"));
    expect(qq.sent).toMatchObject([{ text: "hello", msgSeq: 2 }]);
  });
});

describe("a message that answers nothing and whose fate is unknown", () => {
  it("is not sent again, and the error says why", async () => {
    const { sandbox: { faults }, qq, open, failureOf, calls } = await openQq();
    qq.meet("user-1");
    faults.add({ path: MESSAGES, times: "always", fault: LOST });
    const error = await failureOf(open().send({ target: USER, text: "hello", idempotencyKey: "key-1" }));
    expect(error).toHaveProperty("isChannelError", true);
    expect(String(error)).toMatch(/not known whether|unknown/);
    expect(calls(MESSAGES)).toHaveLength(1);
    expect(qq.sent).toHaveLength(1);
  });

  it("is sent when the platform can be reached again, where it certainly was not sent", async () => {
    const { sandbox, qq, listening, during, logged } = await openQq();
    qq.meet("user-1");
    const { channel } = await listening();
    await channel.send({ target: USER, text: "first" });
    await sandbox.pause();
    await until(() => channel.status().state !== "connected");
    const sending = channel.send({ target: USER, text: "second" });
    await until(() => logged("warn").includes("QQ: a call failed, trying again"));
    await sandbox.resume();
    await during(sending);
    expect(qq.sent.map(({ text }) => text)).toEqual(["first", "second"]);
  });
});

describe("too many calls", () => {
  it.each<[string, Fault]>([
    ["22009", { kind: "answer", status: 429, body: '{"code":22009,"message":"msg limit exceed"}' }],
    ["1100100 with status 200", { kind: "answer", body: '{"code":1100100,"message":"slow down"}' }],
    ["429 alone", { kind: "answer", status: 429 }],
  ])("(%s) are waited out, in order", async (_title, fault) => {
    const { sandbox: { faults }, qq, reply, during, timesOf, clock } = await openTalk();
    const begunAt = clock.monotonic();
    faults.add({ path: MESSAGES, times: 2, fault });
    await during(Promise.all([reply("one"), reply("two")]));
    expect(qq.sent.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(timesOf(MESSAGES).slice(0, 3).map((at) => at - begunAt)).toEqual([0, 1_000, 3_000]);
  });

  it("without end are told after the fourth try", async () => {
    const { qq, reply, failureOf, calls } = await openTalk();
    qq.refuse(22009, 100);
    expect(await failureOf(reply("one"))).toMatchObject({ code: "rate-limit" });
    expect(calls(MESSAGES)).toHaveLength(4);
  });
});

describe("an answer of the platform", () => {
  it.each<[string, Fault, Record<string, unknown>]>([
    ["status 200 with a code", { kind: "answer", body: '{"code":40034006,"message":"no"}' }, { code: "platform", platformCode: "40034006" }],
    ["err_code before code", { kind: "answer", status: 400, body: '{"code":1,"err_code":40034101,"message":"no"}' }, { code: "platform", platformCode: "40034101" }],
    ["a code that nobody knows", { kind: "answer", status: 400, headers: { "x-tps-trace-id": "trace-1" }, body: '{"code":12345678,"message":"why not"}' }, { code: "platform", platformCode: "12345678", platformMessage: "why not", requestId: "trace-1" }],
    ["muted", { kind: "answer", status: 400, body: '{"code":40054002,"message":"muted"}' }, { code: "platform", platformCode: "40054002" }],
    ["not a member", { kind: "answer", status: 400, body: '{"code":40054003,"message":"no member"}' }, { code: "platform", platformCode: "40054003" }],
    ["not a friend", { kind: "answer", status: 400, body: '{"code":40054004,"message":"no friend"}' }, { code: "platform", platformCode: "40054004" }],
    ["a violation", { kind: "answer", status: 400, body: '{"code":40034006,"message":"no"}' }, { code: "platform", platformCode: "40034006" }],
  ])("is told to the caller, who was asked once: %s (QQ-D08)", async (_title, fault, expected) => {
    const { sandbox: { faults }, reply, failureOf, calls } = await openTalk();
    faults.add({ path: MESSAGES, times: "always", fault });
    const error = await failureOf(reply("hello"));
    expect(error).toMatchObject(expected);
    expect(String(error)).toContain("QQ send message failed (");
    expect(calls(MESSAGES)).toHaveLength(1);
  });

  it("that waits for an audit is no failure", async () => {
    const { sandbox: { faults }, reply, calls } = await openTalk();
    faults.add({ path: MESSAGES, fault: { kind: "answer", status: 202, body: '{"code":304023,"message":"push message is waiting for audit now","data":{"message_audit":{"audit_id":"a-1"}}}' } });
    await expect(reply("hello")).resolves.toMatchObject({ messageIds: [] });
    expect(calls(MESSAGES)).toHaveLength(1);
  });

  it.each([22006, 304036, 50055, 40034124])("that refuses markdown (%i) makes the text go out as plain text", async (code) => {
    const { qq, reply, asked } = await openTalk();
    qq.refuse(code);
    await reply("**bold** and `code`");
    expect(qq.sent).toMatchObject([{ kind: "text", msgId: asked.id }]);
    expect(qq.sent[0]?.text).toContain("bold");
  });

  it("that refuses all markdown lets every text through, plain", async () => {
    const { qq, reply } = await openTalk();
    qq.behave({ grantsMarkdown: false });
    for (const text of ["# one", "**two**"]) await reply(text);
    expect(qq.sent.map(({ kind }) => kind)).toEqual(["text", "text"]);
  });

  it("that refuses an address, or what looks like one, gets the text once more without it", async () => {
    const { qq, reply, calls } = await openTalk();
    qq.behave({ allowedHosts: [] });
    await reply("run crawler.py, see https://example.com/a?b=c for more");
    expect(qq.sent).toHaveLength(1);
    const [sent] = qq.sent;
    expect(sent?.text).toContain("run crawler");
    expect(sent?.text).toContain("for more");
    expect(calls(MESSAGES)).toHaveLength(2);
  });

  it.each([304003, 40054010, 40034028])("that refuses even that (%i) is told, after one more try", async (code) => {
    const { qq, reply, failureOf, calls } = await openTalk();
    qq.refuse(code, 100);
    expect(await failureOf(reply("see example.com"))).toMatchObject({ code: "platform", platformCode: String(code) });
    expect(calls(MESSAGES)).toHaveLength(2);
  });
});

describe("a long text", () => {
  it("goes out in order, in parts of 3,600 bytes at most, with code fences whole and no letter cut", async () => {
    const { qq, channel, reply, during } = await openTalk();
    const text = `Look:\n\n\`\`\`ts\n${"const smile = \"🙂\"; // 长\n".repeat(250)}\`\`\`\n\n${"Words, 一些字. ".repeat(250)}`;
    const parts = channel.split(text);
    expect(parts.length).toBeGreaterThan(2);
    await during(reply(text));
    expect(qq.sent.map((message) => message.text)).toEqual(parts);
    expect(qq.sent.every(({ msgId }) => msgId !== undefined)).toBe(true);
    for (const part of parts) {
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(3_600);
      expect((part.match(/^```/gm) ?? []).length % 2).toBe(0);
      expect(part.isWellFormed()).toBe(true);
    }
  });

  it("of more parts than a message can be answered by goes out whole and in order all the same", async () => {
    const { qq, channel, reply, during } = await openTalk();
    const text = "one line of a long text\n".repeat(900);
    await during(reply(text));
    expect(qq.sent.map((message) => message.text)).toEqual(channel.split(text));
    expect(qq.sent.map(({ msgSeq }) => msgSeq)).toEqual([1, 2, 3, 4, undefined, undefined]);
  });
});
