import { describe, expect, it } from "vitest";
import { openQq, PATHS, until } from "./qq-house.ts";

const INTERVAL_MS = 45_000;

describe("heartbeats", () => {
  it("are sent at the interval of the Hello, with the last number (QQ-20)", async () => {
    const { qq, clock, listening, pass } = await openQq();
    const startedAt = clock.now();
    const { next } = await listening();
    qq.say("user-1", "hello");
    await next();
    await pass(10 * INTERVAL_MS);
    const beats = qq.heartbeats.map(({ at, s }) => ({ at: at - startedAt, s }));
    expect(beats.length).toBeGreaterThanOrEqual(10);
    expect(beats.length).toBeLessThanOrEqual(11);
    expect(beats.at(-1)).toMatchObject({ s: 2 });
    const spans = beats.slice(1).map(({ at }, index) => at - (beats[index]?.at ?? 0));
    expect(new Set(spans)).toEqual(new Set([INTERVAL_MS]));
  });

  it("go on at their interval while the host keeps a message waiting for ten minutes (QQ-20)", async () => {
    const { qq, listening, pass } = await openQq();
    const blocked = Promise.withResolvers<"accepted">();
    const { channel, next } = await listening({ answer: () => blocked.promise });
    qq.behave({ silenceLimitMs: 2 * INTERVAL_MS });
    for (let n = 0; n < 100; n += 1) qq.say("user-1", `text ${n}`);
    await next();
    await pass(600_000);
    expect(qq.heartbeats.length).toBeGreaterThanOrEqual(13);
    expect(channel.status()).toMatchObject({ state: "connected", reconnects: 0 });
    blocked.resolve("accepted");
  });

  it("answer one of the platform's at once", async () => {
    const { qq, listening } = await openQq();
    const { connection } = await listening();
    await until(() => qq.heartbeats.length === 1); // it begins with one of its own
    connection.beat();
    await until(() => qq.heartbeats.length === 2);
    expect(qq.heartbeats.at(-1)).toMatchObject({ connection: connection.id, s: 1 });
  });
});

describe("a connection on which nothing passes any more", () => {
  it("is given up within two intervals and resumed: what was said meanwhile comes", async () => {
    const { qq, listening, pass, timesOf } = await openQq();
    const { connection, next } = await listening();
    connection.silence();
    qq.say("user-1", "anybody there?");
    await pass(3 * INTERVAL_MS + 5_000);
    expect(timesOf(PATHS.socket)).toHaveLength(2);
    await next();
    expect(qq.logins[1]).toMatchObject({ kind: "resume", outcome: "resumed" });
    expect(connection.state).toBe("closed");
  });

  it("is told from one whose heartbeats are answered by nothing but messages", async () => {
    const { sandbox: { frameFaults }, qq, listening, pass, timesOf } = await openQq();
    const { texts } = await listening();
    frameFaults.add({ platform: "qq", direction: "out", frame: "heartbeat-ack", times: "always", fault: { kind: "drop" } });
    for (let n = 0; n < 20; n += 1) {
      qq.say("user-1", `text ${n}`);
      await pass(30_000);
    }
    expect(texts()).toHaveLength(20);
    expect(timesOf(PATHS.socket)).toHaveLength(1);
  });

  it("is given up when neither answers nor messages come", async () => {
    const { sandbox: { frameFaults }, listening, pass, timesOf } = await openQq();
    await listening();
    frameFaults.add({ platform: "qq", direction: "out", frame: "heartbeat-ack", times: 3, fault: { kind: "drop" } });
    await pass(3 * INTERVAL_MS + 5_000);
    expect(timesOf(PATHS.socket)).toHaveLength(2);
  });
});

describe("what cannot be read", () => {
  const FRAMES: readonly (readonly [string, string | Uint8Array])[] = [
    ["a page", "<html>no frame</html>"],
    ["an empty frame", ""],
    ["a binary frame", Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ["half a frame", '{"op":0,"s":2,"t":"C2C_MESSAGE_CREATE","d":{"id":'],
    ["a scalar", "42"],
    ["null", "null"],
    ["a list", "[1,2,3]"],
    ["a frame without anything", "{}"],
    ["an opcode of another type", '{"op":"0","d":{}}'],
    ["an opcode that nobody knows", '{"op":99,"d":{}}'],
    ["lists within lists", "[".repeat(100_000)],
    ["a message that is null", '{"op":0,"s":2,"t":"C2C_MESSAGE_CREATE","d":null}'],
    ["a message without anything", '{"op":0,"s":2,"t":"C2C_MESSAGE_CREATE","d":{}}'],
    ["a message with fields of wrong types", '{"op":0,"s":2,"t":"GROUP_AT_MESSAGE_CREATE","d":{"id":{"$id":1},"author":["user-1"],"content":7,"attachments":"none","timestamp":[],"group_openid":null}}'],
    ["two megabytes of blanks", " ".repeat(2 * 1_048_576)],
  ];

  it.each(FRAMES)("is dropped with at most one warning, and the next message arrives: %s", async (_title, frame) => {
    const { qq, logged, listening } = await openQq();
    const { connection, texts, next } = await listening();
    for (let n = 0; n < 3; n += 1) connection.sendRaw(frame);
    qq.say("user-1", "after");
    await next();
    expect(texts()).toEqual(["after"]);
    expect(logged("error")).toEqual([]);
    expect(logged("warn").length).toBeLessThanOrEqual(1);
    expect(qq.connections).toEqual([connection]);
  });

  it.each(["GUILD_CREATE", "GROUP_MEMBER_ADD", "ENTER_AIO", "SUBSCRIBE_MESSAGE_STATUS", "NEVER_HEARD_OF"])("and is not for us is ignored quietly: an event %j", async (t) => {
    const { qq, listening, logged } = await openQq();
    const { connection, messages, next } = await listening();
    connection.sendRaw(JSON.stringify({ op: 0, s: 2, t, id: `${t}:1`, d: { id: "x-1", content: "hello", author: { id: "user-1" } } }));
    qq.say("user-1", "after");
    await next();
    expect(messages).toHaveLength(1);
    expect(logged("warn")).toEqual([]);
  });

  it("ends the connection when a frame exceeds the cap, and another one takes over", async () => {
    const { sandbox: { frameFaults }, qq, listening, pass } = await openQq();
    const { connection, texts } = await listening();
    frameFaults.add({ platform: "qq", direction: "out", fault: { kind: "pad", bytes: 8_388_609 } });
    qq.say("user-1", "huge");
    expect(await connection.closed).toMatchObject({ code: 1009 });
    await pass(15_000);
    await until(() => texts().includes("huge"));
  });
});
