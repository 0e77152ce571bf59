import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { connectPeer, INTENTS, openCaller, openPeer, type QqPeer, tokenOf } from "../../testing/qq-peer.ts";
import type { Sandbox } from "../../sandbox.ts";

/** A connection that has read Hello, and a good Identify for it. */
async function atTheDoor(sandbox: Sandbox): Promise<{ peer: QqPeer; identify: (overrides?: object) => void }> {
  const peer = await openPeer(sandbox);
  await peer.next();
  const token = `QQBot ${await tokenOf(sandbox)}`;
  return { peer, identify: (overrides) => peer.send({ op: 2, d: { token, intents: INTENTS, ...overrides } }) };
}

describe("the gateway's address", () => {
  it("is told with the Identifies that are left, to callers with a token", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    sandbox.qq.behave({ tokenLifeMs: 200_000_000 });
    const caller = await openCaller(sandbox);
    await connectPeer(sandbox);
    const url = expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/qq\/websocket\/$/) as string;
    expect(await caller("/gateway")).toEqual({ status: 200, json: { url } });
    const limit = { total: 1000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 };
    expect((await caller("/gateway/bot")).json).toEqual({ url, shards: 1, session_start_limit: limit });
    sandbox.qq.exhaustStarts();
    clock.advance(400_000);
    expect((await caller("/gateway/bot")).json).toMatchObject({ session_start_limit: { remaining: 0, reset_after: 86_000_000 } });
    clock.advance(86_000_000);
    expect((await caller("/gateway/bot")).json).toMatchObject({ session_start_limit: { remaining: 1000, reset_after: 86_400_000 } });
    sandbox.qq.refuse({ code: 11253, call: "gateway" });
    expect(await caller("/gateway/bot")).toMatchObject({ status: 403, json: { code: 11253 } });
  });

  it("leads to the gateway with or without the last slash, and nowhere else", async () => {
    const sandbox = await openSandbox();
    const base = sandbox.qq.url.replace("http", "ws");
    const opened = new WebSocket(`${base}/websocket`);
    await once(opened, "open");
    opened.terminate();
    const elsewhere = new WebSocket(`${base}/elsewhere`);
    elsewhere.on("error", () => undefined);
    const [, response] = (await once(elsewhere, "unexpected-response")) as [unknown, { statusCode?: number; destroy: () => void }];
    response.destroy();
    expect(response.statusCode).toBe(404);
  });
});

describe("a gateway connection", () => {
  it("says hello, greets who identifies, brings a message and acknowledges heartbeats", async () => {
    const sandbox = await openSandbox();
    const { qq } = sandbox;
    const peer = await openPeer(sandbox);
    expect(await peer.next()).toEqual({ op: 10, d: { heartbeat_interval: 45_000 } });
    const properties = { $os: "linux" };
    peer.send({ op: 2, d: { token: `QQBot ${await tokenOf(sandbox)}`, intents: INTENTS, shard: [0, 1], properties } });
    expect(await peer.next()).toMatchObject({ op: 0, s: 1, t: "READY", d: { version: 1, session_id: expect.any(String) as string, user: { id: qq.botId, bot: true }, shard: [0, 1] } });
    expect(await qq.nextLogin()).toMatchObject({ kind: "identify", outcome: "ready", intents: INTENTS, shard: [0, 1], properties });
    const id = qq.say("USER_1", "hello");
    expect(await peer.next()).toMatchObject({ op: 0, s: 2, t: "C2C_MESSAGE_CREATE", id: expect.stringMatching(/^C2C_MESSAGE_CREATE:/) as string, d: { id, content: "hello" } });
    peer.send({ op: 1, d: 2 });
    expect(await peer.next()).toEqual({ op: 11 });
    expect(await qq.nextHeartbeat()).toMatchObject({ connection: peer.connection.id, s: 2 });
    expect(qq.sessions).toMatchObject([{ connection: peer.connection.id, s: 2, intents: INTENTS }]);
  });

  it.each([[{ op: 1 }, null], [{ op: 1, s: 5 }, 5], [{ op: 1, d: null }, null], [{ op: 1, d: 7 }, 7]])("takes the heartbeat %o, also before anybody identified", async (beat, s) => {
    const sandbox = await openSandbox();
    const { peer } = await atTheDoor(sandbox);
    peer.send(beat);
    expect(await peer.next()).toEqual({ op: 11 });
    expect(sandbox.qq.heartbeats).toMatchObject([{ s }]);
  });

  it.each<readonly [title: string, overrides: object, code: number]>([
    ["a wrong token", { token: "QQBot tk-1" }, 4004],
    ["a token without its scheme", { token: "tk-1" }, 4004],
    ["a shard that does not exist", { shard: [1, 1] }, 4010],
    ["a bit that nobody knows", { intents: INTENTS | (1 << 5) }, 4013],
    ["negative intents", { intents: -1 }, 4013],
    ["a bit for private bots", { intents: INTENTS | (1 << 9) }, 4014],
    ["intents in a text", { intents: "33554432" }, 4002],
    ["no token", { token: undefined }, 4002],
  ])("is closed for an Identify with %s", async (_title, overrides, code) => {
    const sandbox = await openSandbox();
    const { peer, identify } = await atTheDoor(sandbox);
    identify(overrides);
    expect(await peer.closeCode()).toBe(code);
    expect(sandbox.qq.sessions).toEqual([]);
    if (code !== 4002) expect(sandbox.qq.logins).toMatchObject([{ kind: "identify", outcome: code }]);
  });

  it("is closed for intents that were not granted, and goes without a token where none is checked", async () => {
    const sandbox = await openSandbox();
    sandbox.qq.behave({ grantedIntents: INTENTS, checksTokens: false });
    const { peer, identify } = await atTheDoor(sandbox);
    identify({ intents: INTENTS | (1 << 26), token: "any" });
    expect(await peer.closeCode()).toBe(4014);
    const second = await atTheDoor(sandbox);
    second.identify({ token: "any" });
    expect(await second.peer.next()).toMatchObject({ t: "READY" });
  });

  it.each<readonly [title: string, frame: object | string | Uint8Array, code: number]>([
    ["an opcode that nobody knows", { op: 42 }, 4001],
    ["no JSON", "{", 4002],
    ["a scalar", "42", 4002],
    ["bytes", new Uint8Array([1, 2]), 4002],
    ["a heartbeat with a text", { op: 1, d: "x" }, 4002],
    ["a Resume without a session", { op: 6, d: { token: "t", seq: 1 } }, 4002],
  ])("is closed for %s", async (_title, frame, code) => {
    const { peer } = await atTheDoor(await openSandbox());
    peer.send(frame);
    expect(await peer.closeCode()).toBe(code);
  });

  it("is closed when it identifies twice", async () => {
    const sandbox = await openSandbox();
    const { peer, identify } = await atTheDoor(sandbox);
    identify();
    identify();
    expect(await peer.closeCode()).toBe(4005);
    expect(sandbox.qq.logins.map(({ outcome }) => outcome)).toEqual(["ready", 4005]);
  });

  it("asks to reconnect, calls the session invalid, beats and sends anything on command", async () => {
    const peer = await connectPeer(await openSandbox());
    peer.connection.reconnect();
    peer.connection.beat();
    peer.connection.sendRaw("no json");
    peer.connection.invalidate(true);
    expect([await peer.next(), await peer.next(), await peer.nextText(), await peer.next()]).toEqual([{ op: 7 }, { op: 1, d: null }, "no json", { op: 9, d: true }]);
  });

  it.each([4000, 4001, 4004, 4006, 4007, 4008, 4009, 4010, 4013, 4014, 4900, 4913, 4914, 4915])("is closed with %i on command", async (code) => {
    const peer = await connectPeer(await openSandbox());
    peer.connection.close(code, "as told");
    expect(await peer.closeCode()).toBe(code);
    expect(await peer.connection.closed).toMatchObject({ code });
    expect(peer.connection.state).toBe("closed");
  });

  it("expires at an age, and where its client falls silent, when it is switched so", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    sandbox.qq.behave({ silenceLimitMs: 100_000, expiresAfterMs: 250_000 });
    const [quiet, lively] = [await connectPeer(sandbox), await connectPeer(sandbox)];
    clock.advance(99_999);
    lively.send({ op: 1, d: 1 });
    await lively.next();
    clock.advance(1);
    sandbox.runDue();
    expect(await quiet.closeCode()).toBe(4009);
    clock.advance(99_000);
    lively.send({ op: 1, d: 1 });
    await lively.next();
    clock.advance(51_000);
    sandbox.runDue();
    expect(await lively.closeCode()).toBe(4009);
  });

  it("loses its acknowledgements, and a Hello is another, as rules about frames say", async () => {
    const sandbox = await openSandbox();
    sandbox.frameFaults.add({ platform: "qq", frame: "hello", fault: { kind: "replace", text: '{"op":10,"d":{"heartbeat_interval":"x"}}' } });
    sandbox.frameFaults.add({ platform: "qq", frame: "heartbeat-ack", fault: { kind: "drop" } });
    sandbox.frameFaults.add({ platform: "qq", frame: "dispatch READY", fault: { kind: "duplicate" } });
    const peer = await openPeer(sandbox);
    expect(await peer.next()).toEqual({ op: 10, d: { heartbeat_interval: "x" } });
    peer.send({ op: 1, d: null });
    peer.send({ op: 2, d: { token: `QQBot ${await tokenOf(sandbox)}`, intents: INTENTS } });
    expect([await peer.next(), await peer.next()]).toMatchObject([{ t: "READY", s: 1 }, { t: "READY", s: 1 }]);
    expect(sandbox.frames.entries.map(({ frame }) => frame)).toEqual(["hello", "heartbeat", "heartbeat-ack", "identify", "dispatch READY"]);
  });
});
