import { describe, expect, it } from "vitest";
import { openDingtalk } from "./dingtalk-house.ts";

describe("allowed_users", () => {
  it.each<[readonly string[], readonly string[]]>([
    [[], []],
    [["*"], ["staff-1", "STAFF-1", "staff-10"]],
    [["staff-1"], ["staff-1"]],
    [["staff-2", "staff-10"], ["staff-10"]],
    [["staff"], []],
  ])("%j lets in %j of three people with similar ids, and all of them are acknowledged (DT-09, DT-20, DT-21, DT-22)", async (allowedUsers, expected) => {
    const { dingtalk, listening, logged, pass } = await openDingtalk();
    const { messages } = await listening({ allowedUsers });
    const people = ["staff-1", "STAFF-1", "staff-10"];
    for (const person of people) dingtalk.say(person, "let me in");
    for (const _person of people) expect(await dingtalk.nextAck()).toMatchObject({ code: 200, counts: true });
    expect(new Set(messages.map(({ sender }) => sender.id))).toEqual(new Set(expected));
    const denied = people.filter((person) => !expected.includes(person));
    expect(logged("warn")).toEqual(denied.map((person) => `DingTalk: ignoring message from unauthorized user: ${person}`));
    await pass(120_000);
    expect(dingtalk.deliveries).toHaveLength(people.length);
  });

  it("mentions a stranger once in an hour, with both of his ids", async () => {
    const { dingtalk, listening, logger, pass } = await openDingtalk();
    await listening({ allowedUsers: ["staff-2"] });
    const insist = async (): Promise<void> => {
      for (let n = 0; n < 3; n += 1) {
        dingtalk.say("staff-1", "let me in");
        await dingtalk.nextAck();
      }
    };
    const warnings = () => logger.entries.filter(({ level }) => level === "warn").map(({ fields }) => fields);
    await insist();
    expect(warnings()).toMatchObject([{ senderStaffId: "staff-1" }]);
    expect(warnings()[0]?.["senderId"]).toMatch(/^\$:LWCP_v1:\$/);
    await pass(3_600_000);
    await insist();
    expect(warnings()).toHaveLength(2);
  });

  it("keeps strangers out of the store: nothing can be sent to one", async () => {
    const { dingtalk, listening, failureOf } = await openDingtalk();
    const { channel } = await listening({ allowedUsers: ["staff-2"] });
    dingtalk.say("staff-1", "let me in");
    await dingtalk.nextAck();
    expect(await failureOf(channel, "staff-1")).toMatchObject({ code: "no-route" });
  });
});

describe("somebody without a staff id", () => {
  const SENDER = "$:LWCP_v1:$outsider";

  it.each([["none", undefined], ["an empty one", ""]])("but %s comes in by \"*\" alone, under the opaque id", async (_title, senderStaffId) => {
    const { dingtalk, listening } = await openDingtalk();
    const { next, channel } = await listening();
    dingtalk.say("outsider", "hello", { overrides: { senderStaffId, senderId: SENDER } });
    expect(await next()).toMatchObject({ sender: { id: SENDER }, conversation: { id: SENDER, kind: "direct" } });
    await channel.send({ target: { conversationId: SENDER }, text: "and hello to you" });
    expect(dingtalk.sent).toMatchObject([{ user: "outsider", text: "and hello to you" }]);
  });

  it.each([SENDER, "unknown", "outsider", ""])("is not let in by an entry %j", async (entry) => {
    const { dingtalk, listening } = await openDingtalk();
    const { messages } = await listening({ allowedUsers: [entry] });
    dingtalk.say("outsider", "let me in", { overrides: { senderStaffId: undefined, senderId: SENDER, senderNick: "outsider" } });
    expect(await dingtalk.nextAck()).toMatchObject({ counts: true });
    expect(messages).toEqual([]);
  });

  it("has a conversation apart from the next one like him", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { next, channel } = await listening();
    for (const name of ["one", "other"]) {
      dingtalk.say(name, `from ${name}`, { overrides: { senderStaffId: undefined, senderId: `$:${name}` } });
      await next();
    }
    await channel.send({ target: { conversationId: "$:one" }, text: "for one" });
    expect(dingtalk.sent).toMatchObject([{ user: "one", text: "for one" }]);
  });
});

describe("a session webhook that leads elsewhere", () => {
  it.each([
    "http://127.0.0.1:1/robot/sendBySession?session=1",
    "https://oapi.dingtalk.com.evil.example/robot/sendBySession?session=1",
    "https://evil.example/?oapi.dingtalk.com",
    "https://oapi.dingtalk.com@evil.example/robot/sendBySession",
    "http://oapi.dingtalk.com/robot/sendBySession?session=1",
    "file:///etc/passwd",
    "//evil.example/robot",
    "not a url",
  ])("is not kept, with a warning, and the message is handed over all the same: %s", async (sessionWebhook) => {
    const { sandbox: { record }, dingtalk, listening, failureOf, logged } = await openDingtalk();
    const { next, channel } = await listening();
    dingtalk.say("staff-1", "hello", { overrides: { sessionWebhook } });
    await next();
    await dingtalk.nextAck();
    expect(logged("warn")).toEqual(["DingTalk: session webhook is not one of DingTalk's, ignoring it"]);
    const before = record.entries.length;
    expect(await failureOf(channel, "staff-1")).toMatchObject({ code: "no-route" });
    expect(record.entries).toHaveLength(before);
  });
});

describe("a message that comes without its content because the quota is used up", () => {
  it.each(["errorCode", "errCode"] as const)("is acknowledged and told to the operator, under the key %s; health is bad until the next whole one", async (quotaKeys) => {
    const { dingtalk, listening, logger } = await openDingtalk();
    const { channel, messages, next } = await listening();
    dingtalk.behave({ quota: 0, quotaKeys });
    dingtalk.say("staff-1", "hello");
    expect(await dingtalk.nextAck()).toMatchObject({ code: 200, counts: true });
    expect(messages).toEqual([]);
    expect(logger.entries.filter(({ level }) => level === "error")).toMatchObject([{ fields: { platformCode: "20001" } }]);
    expect(await channel.checkHealth()).toMatchObject({ ok: false, detail: "the organisation's message quota is used up (20001)" });

    dingtalk.behave({ quota: null });
    dingtalk.say("staff-1", "a new month");
    await next();
    expect(await channel.checkHealth()).toMatchObject({ ok: true });
  });
});
