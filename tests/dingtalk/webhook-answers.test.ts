import type { Fault } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openTalk, PATHS, until } from "./dingtalk-house.ts";

const TARGET = { conversationId: "staff-1" };

function errcode(code: number | string, errmsg = "no"): Fault {
  return { kind: "answer", body: JSON.stringify({ errcode: code, errmsg }) };
}

describe("an answer of the webhook", () => {
  it.each<[string, Fault, Record<string, unknown>]>([
    ["130101", errcode(130101, "send too fast, exceed 20 times per minute"), { code: "rate-limit", retryAfterMs: 60_000 }],
    ["410100", errcode(410100), { code: "rate-limit", retryAfterMs: 60_000 }],
    ["460101", errcode(460101, "message too long, exceed 20000 bytes"), { code: "too-large" }],
    ["101002", errcode(101002), { code: "too-large" }],
    ["430102", errcode(430102, "含有不合适的文本"), { code: "platform", platformCode: "430102", platformMessage: "含有不合适的文本" }],
    ["400013", errcode(400013), { code: "platform", platformCode: "400013" }],
    ["400102 as a string", errcode("400102"), { code: "platform", platformCode: "400102" }],
    ["a page with status 200", { kind: "answer", body: "<html>sign in</html>" }, { code: "unknown-outcome" }],
    ["nothing with status 200", { kind: "answer" }, { code: "unknown-outcome" }],
    ["no errcode", { kind: "answer", body: '{"errmsg":"ok"}' }, { code: "unknown-outcome" }],
    ["half an answer", { kind: "truncate" }, { code: "unknown-outcome" }],
    ["500", { kind: "answer", status: 500 }, { code: "transient", status: 500 }],
    ["a reset after the work", { kind: "reset", at: "after-work" }, { code: "unknown-outcome" }],
    ["a connection that is cut", { kind: "cut" }, { code: "unknown-outcome" }],
  ])("%s is told to the caller, who was asked once", async (_title, fault, expected) => {
    const { sandbox: { faults }, calls, channel, failureOf } = await openTalk();
    faults.add({ path: PATHS.webhook, times: "always", fault });
    expect(await failureOf(channel, "staff-1")).toMatchObject(expected);
    expect(calls(PATHS.webhook)).toHaveLength(1);
  });

  it("errcode \"0\" is success", async () => {
    const { sandbox: { faults }, channel } = await openTalk();
    faults.add({ path: PATHS.webhook, fault: errcode("0", "ok") });
    expect(await channel.send({ target: TARGET, text: "hello" })).toMatchObject({ route: "webhook" });
  });

  const BUSY: readonly (readonly [string, Fault])[] = [
    ["errcode -1", errcode(-1, "系统繁忙")],
    ["502", { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" }],
    ["503", { kind: "answer", status: 503 }],
  ];

  it.each(BUSY)("%s is waited out: the message arrives once", async (_title, fault) => {
    const { sandbox: { faults }, dingtalk, channel, during, timesOf } = await openTalk();
    faults.add({ path: PATHS.webhook, times: 3, fault });
    await during(channel.send({ target: TARGET, text: "hello" }));
    expect(dingtalk.sent).toHaveLength(1);
    expect(timesOf(PATHS.webhook)).toEqual([0, 500, 1_500, 3_500]);
  });

  it.each(BUSY)("%s without end is told after the fourth try", async (_title, fault) => {
    const { sandbox: { faults }, calls, channel, during, failureOf } = await openTalk();
    faults.add({ path: PATHS.webhook, times: "always", fault });
    expect(await during(failureOf(channel, "staff-1"))).toMatchObject({ code: "transient" });
    expect(calls(PATHS.webhook)).toHaveLength(4);
  });

  it("that does not come because nothing listens is waited for: the message arrives once when the platform is back", async () => {
    const { sandbox, dingtalk, channel, during, logged } = await openTalk();
    await sandbox.pause();
    await until(() => channel.status().state !== "connected");
    const sending = channel.send({ target: TARGET, text: "hello" });
    await until(() => logged("warn").includes("DingTalk: nothing was delivered, trying again"));
    await sandbox.resume();
    await during(sending);
    expect(dingtalk.sent).toMatchObject([{ text: "hello" }]);
  });

  it("slow down makes the webhook rest for a minute, for ten when it is said again, and no other conversation", async () => {
    const { dingtalk, clock, channel, during, failureOf, next } = await openTalk();
    dingtalk.say("staff-2", "hello");
    await next();
    dingtalk.refuse(130101, 2);
    expect(await failureOf(channel, "staff-1")).toMatchObject({ retryAfterMs: 60_000 });
    const refusedAt = clock.now();
    const again = failureOf(channel, "staff-1");
    await until(() => clock.pending > 0);
    expect(await during(again)).toMatchObject({ code: "rate-limit", retryAfterMs: 600_000 });
    expect(clock.now() - refusedAt).toBeGreaterThanOrEqual(60_000);
    await channel.send({ target: { conversationId: "staff-2" }, text: "hello" });
    const secondAt = clock.now();
    await during(channel.send({ target: TARGET, text: "hello" }));
    expect((dingtalk.sent.at(-1)?.at ?? 0) - secondAt).toBeGreaterThanOrEqual(599_000);
  });
});
