import type { Fault } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openQq, PATHS, until } from "./qq-house.ts";

/** When attempts are made that all fail, in ms, without jitter: 1, 2, 5, 10, 30 and 60 s lie between them. */
const BACKOFF = [0, 1_000, 3_000, 8_000, 18_000, 48_000, 108_000, 168_000] as const;

describe("connecting", () => {
  it("asks where the gateway is, and identifies for private messages and groups alone (QQ-17, QQ-18)", async () => {
    const { qq, calls, listening, logged } = await openQq();
    const { channel } = await listening();
    expect(calls(PATHS.gatewayBot)).toHaveLength(1);
    expect(calls(PATHS.gateway)).toEqual([]);
    expect(qq.logins).toMatchObject([{ kind: "identify", outcome: "ready", intents: 33_554_432, shard: [0, 1] }]);
    expect(channel.status()).toMatchObject({ state: "connected", reconnects: 0 });
    expect(await channel.checkHealth()).toMatchObject({ ok: true });
    expect(logged("info").join("\n")).toContain("QQ: connected and sent Identify");
  });

  it.each([404, 403])("asks the plain way for the gateway where the other is answered with %i", async (status) => {
    const { sandbox: { faults }, calls, listening } = await openQq();
    faults.add({ path: PATHS.gatewayBot, fault: { kind: "answer", status, body: `{"code":11253,"message":"no privilege"}` } });
    await listening();
    expect(calls(PATHS.gateway)).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ["500", { kind: "answer", status: 500 }],
    ["a page", { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" }],
    ["a page with status 200", { kind: "answer", body: "<html>slow down</html>" }],
    ["no url", { kind: "answer", body: '{"shards":1}' }],
    ["an empty url", { kind: "answer", body: '{"url":""}' }],
    ["a url that is no WebSocket's", { kind: "answer", body: '{"url":"http://127.0.0.1:1/websocket/"}' }],
    ["a url without TLS somewhere else", { kind: "answer", body: '{"url":"ws://wss.example/websocket/"}' }],
    ["a reset connection", { kind: "reset" }],
  ])("backs off from 1 s to 60 s after %s, and comes back when that is over (QQ-D08)", async (_title, fault) => {
    const { sandbox: { faults }, qq, calls, listen, pass, timesOf } = await openQq();
    const rule = faults.add({ path: PATHS.gatewayBot, times: "always", fault });
    const { channel } = listen();
    await rule.struck;
    await pass(200_000);
    expect(timesOf(PATHS.gatewayBot)).toEqual(BACKOFF);
    expect(calls(PATHS.socket)).toEqual([]);
    expect(channel.status().state).toBe("backoff");
    rule.release();
    const connected = qq.nextConnection();
    await pass(60_000);
    await connected;
    await until(() => channel.status().state === "connected");
  });

  it.each<[Fault, string]>([
    [{ kind: "answer", status: 500, body: '{"code":50055001,"message":"busy"}' }, "QQ gateway request failed (500 Internal Server Error): "],
    [{ kind: "answer", body: '{"shards":1}' }, "Missing gateway URL in QQ response"],
  ])("names what was wrong: %j (QQ-D08)", async (fault, text) => {
    const { sandbox: { faults }, listen } = await openQq();
    faults.add({ path: PATHS.gatewayBot, times: "always", fault });
    const { channel } = listen();
    await until(() => channel.status().state === "backoff");
    expect(channel.status().lastError).toContain(text);
  });

  it("gets a new token where the gateway's address is refused with 11244", async () => {
    const { qq, calls, listening } = await openQq();
    qq.refuse({ code: 11244, call: "gateway" });
    await listening();
    expect(calls(PATHS.token)).toHaveLength(2);
    expect(calls(PATHS.gatewayBot)).toHaveLength(2);
  });

  it("waits until the platform allows sessions again", async () => {
    const { qq, listen, pass, calls } = await openQq();
    qq.behave({ startCount: 0, startWindowMs: 600_000 });
    const { channel } = listen();
    await until(() => channel.status().state === "backoff");
    await pass(590_000);
    expect(calls(PATHS.socket)).toEqual([]);
    qq.behave({ startCount: 1_000 });
    const connected = qq.nextConnection();
    await pass(20_000);
    await connected;
  });

  it("keeps trying while nothing listens at all", async () => {
    const { sandbox, qq, listen, pass } = await openQq();
    await sandbox.pause();
    const { channel, next } = listen();
    await pass(200_000);
    expect(channel.status().state).toBe("backoff");
    await sandbox.resume();
    const connected = qq.nextConnection();
    await pass(60_000);
    await connected;
    qq.say("user-1", "at last");
    await next();
  });
});

describe("a gateway that does not go on", () => {
  it.each(["hello", "dispatch READY"])("without %s is left after 30 s", async (frame) => {
    const { sandbox: { frameFaults }, qq, listen, pass } = await openQq();
    frameFaults.add({ platform: "qq", direction: "out", frame, fault: { kind: "drop" } });
    const { channel, next } = listen();
    const first = await qq.nextConnection();
    await pass(29_000);
    expect(qq.connections).toEqual([first]);
    expect(channel.status().state).not.toBe("connected");
    const connected = qq.nextConnection();
    await pass(3_000);
    await connected;
    await until(() => channel.status().state === "connected");
    expect(qq.connections).toHaveLength(1);
    qq.say("user-1", "hello");
    await next();
  });

  it.each([0, -1, 999, 1_000_000_000])("is beaten at a sane interval where its Hello says %i", async (heartbeatIntervalMs) => {
    const { sandbox: { frameFaults }, qq, listen, pass } = await openQq();
    frameFaults.add({ platform: "qq", direction: "out", frame: "hello", fault: { kind: "replace", text: `{"op":10,"d":{"heartbeat_interval":${heartbeatIntervalMs}}}` } });
    const { channel } = listen();
    await until(() => channel.status().state === "connected");
    await pass(600_000);
    expect(qq.heartbeats.length).toBeGreaterThanOrEqual(1);
    expect(qq.heartbeats.length).toBeLessThanOrEqual(601);
    expect(channel.status()).toMatchObject({ state: "connected", reconnects: 0 });
  });

  it.each(['{"op":10}', '{"op":10,"d":{}}', '{"op":10,"d":{"heartbeat_interval":"often"}}', '{"op":10,"d":null}'])("is beaten where its Hello is %s", async (text) => {
    const { sandbox: { frameFaults }, qq, listen, pass } = await openQq();
    frameFaults.add({ platform: "qq", direction: "out", frame: "hello", fault: { kind: "replace", text } });
    const { channel } = listen();
    await until(() => channel.status().state === "connected");
    await pass(120_000);
    expect(qq.heartbeats.length).toBeGreaterThanOrEqual(2);
    expect(qq.heartbeats.length).toBeLessThanOrEqual(4);
  });
});

describe("a close that asks for an operator", () => {
  it.each([4001, 4002, 4010, 4011, 4012, 4013, 4014])("with %i ends all attempts and makes health bad, with the reason", async (code) => {
    const { qq, listening, pass, calls, logger } = await openQq();
    const { channel, connection, stop } = await listening();
    connection.close(code, "as tested");
    await connection.closed;
    await until(() => channel.status().state === "failed");
    await pass(3 * 3_600_000);
    expect(calls(PATHS.socket)).toHaveLength(1);
    expect(channel.status().lastError).toContain(String(code));
    expect(await channel.checkHealth()).toMatchObject({ ok: false });
    expect(logger.entries.filter(({ level }) => level === "error")).toHaveLength(1);
    expect(qq.connections).toEqual([]);
    await stop();
    expect(channel.status().state).toBe("stopped");
  });

  it.each([
    [4914, "the bot was taken off-line, or is not published: then it works in the sandbox environment only"],
    [4915, "the bot is banned: see the developer console"],
  ])("with %i makes health bad, says what to do, and is looked after twice an hour at most", async (code, advice) => {
    const { listening, pass, timesOf } = await openQq();
    const { channel, connection } = await listening();
    connection.close(code, "as tested");
    await connection.closed;
    await until(() => channel.status().state === "failed");
    expect(channel.status().lastError).toBe(`closed with code ${code}: as tested; ${advice}`);
    await pass(1_790_000);
    expect(timesOf(PATHS.socket)).toHaveLength(1);
  });

  it("with 4914 before a session stands, as a bot gets it that is not published, says what to do", async () => {
    const { sandbox: { frameFaults }, listen, logger } = await openQq();
    frameFaults.add({ platform: "qq", direction: "in", frame: "identify", fault: { kind: "close", code: 4914 } });
    const { channel } = listen();
    await until(() => channel.status().state === "failed");
    const reason = expect.stringContaining("4914: the bot was taken off-line, or is not published") as unknown;
    expect(channel.status().lastError).toEqual(reason);
    expect(logger.entries.filter(({ level }) => level === "error")).toMatchObject([{ fields: { reason } }]);
  });

  it("for intents that the bot may not use is not tried again: there are no optional ones", async () => {
    const { qq, listen, pass, calls } = await openQq();
    qq.behave({ grantedIntents: 1 << 30 });
    const { channel } = listen();
    await until(() => channel.status().state === "failed");
    await pass(600_000);
    expect(qq.logins).toMatchObject([{ outcome: 4014 }]);
    expect(calls(PATHS.socket)).toHaveLength(1);
  });
});

it("gets a new token after 4004, and identifies with it", async () => {
  const { qq, calls, listening, pass } = await openQq();
  const { connection, channel } = await listening();
  qq.revokeTokens();
  connection.close(4004, "invalid token");
  await connection.closed;
  const connected = qq.nextConnection();
  await pass(5_000);
  await connected;
  await until(() => channel.status().state === "connected");
  expect(calls(PATHS.token)).toHaveLength(2);
  expect(qq.logins.map(({ kind, outcome }) => [kind, outcome])).toEqual([["identify", "ready"], ["identify", "ready"]]);
});
