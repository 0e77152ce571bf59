import { createMemoryStore, TransientError, type Accept } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it, vi } from "vitest";
import { dispatch, framesOn, groupMessage, hello, listenToPlatform, privateMessage, ready, type Listening } from "./listening.test-support.ts";
import { PATHS } from "./platform.test-support.ts";

const c2c = (id: string, s?: number, overrides: object = {}): string => dispatch("C2C_MESSAGE_CREATE", privateMessage({ id, ...overrides }), s);
const firstOn = async (listening: Listening, count: number): Promise<unknown> => {
  const socket = await listening.socket(count);
  socket.send(hello());
  await listening.platform.until(() => socket.texts.length > 0);
  return framesOn(socket)[0];
};
const lost = (listening: Listening): Promise<unknown> => vi.waitUntil(() => listening.channel.status().state !== "connected", { interval: 2 });

describe("receive", () => {
  it("asks for private messages and group mentions alone, at the address that the platform gives (QQ-17, QQ-18, QQ-20)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    expect(listening.platform.calls.map(({ path }) => path)).toEqual([PATHS.token, PATHS.gatewayBot]);
    expect(framesOn(socket)).toEqual([
      { op: 2, d: { token: "QQBot access-token-1", intents: 33_554_432, shard: [0, 1], properties: { $os: process.platform, $browser: "revka-channels", $device: "revka-channels" } } },
      { op: 1, d: 1 },
    ]);
    const lines = listening.logger.entries.filter(({ level }) => level === "info").map(({ message }) => message);
    expect(lines).toEqual(expect.arrayContaining(["QQ: connected and sent Identify", "QQ: connected and identified"]));
  });

  it("beats at the interval of the Hello, however busy the host is, and tells what is done with (QQ-20, QQ-D07)", async () => {
    const release = Promise.withResolvers<"accepted">();
    await using listening = await listenToPlatform({ answer: () => release.promise });
    const socket = await listening.connected();
    for (let count = 2; count < 30; count += 1) socket.send(c2c(`msg-${count}`, count, { author: { id: `USER${count % 3}` } }));
    await vi.waitUntil(() => listening.messages.length === 3);
    await listening.clock.advance(45_000);
    await listening.platform.until(() => framesOn(socket).length === 3);
    expect(framesOn(socket).at(-1)).toEqual({ op: 1, d: 1 });
    release.resolve("accepted");
    await vi.waitUntil(() => listening.messages.length === 28);
    socket.send(JSON.stringify({ op: 1 }));
    await listening.platform.until(() => framesOn(socket).length === 4);
    expect(framesOn(socket).at(-1)).toEqual({ op: 1, d: 29 });
  });

  it("notices within two beats that nothing comes any more, and resumes (QQ-19)", async () => {
    await using listening = await listenToPlatform();
    const { clock, platform } = listening;
    const socket = await listening.connected();
    await clock.advance(45_000);
    socket.send(JSON.stringify({ op: 11 }));
    await vi.waitUntil(() => listening.channel.status().lastFrameAt === clock.now());
    await clock.advance(89_999);
    expect(socket.isOpen).toBe(true);
    await clock.advance(1);
    await platform.until(() => !socket.isOpen);
    await lost(listening);
    await clock.untilPending(1);
    await clock.advance(1_000);
    expect(await firstOn(listening, 2)).toMatchObject({ op: 6, d: { session_id: "session-1", seq: 1 } });
  });

  it("resumes after the last message that was taken, and hands over no message twice (QQ-19)", async () => {
    const refused: Accept = () => Promise.reject(new TransientError("disk full"));
    await using listening = await listenToPlatform({ answer: (message) => (message.id === "msg-3" ? refused(message) : Promise.resolve("accepted")) });
    const { clock } = listening;
    const socket = await listening.connected();
    for (const [id, s, user] of [["msg-2", 2, "A"], ["msg-3", 3, "B"], ["msg-4", 4, "C"]] as const) socket.send(c2c(id, s, { author: { id: user } }));
    await vi.waitUntil(() => listening.messages.length === 3);
    socket.drop();
    await lost(listening);
    await clock.untilPending(2);
    await clock.advance(1_000);
    expect(await firstOn(listening, 2)).toEqual({ op: 6, d: { token: "QQBot access-token-1", session_id: "session-1", seq: 2 } });
    const again = await listening.socket(2);
    again.send(c2c("msg-3", 3, { author: { id: "B" } }));
    again.send(c2c("msg-4", 4, { author: { id: "C" } }));
    again.send(c2c("msg-5", 5, { author: { id: "D" } }));
    again.send(dispatch("RESUMED", "", 6));
    await vi.waitUntil(() => listening.messages.some(({ id }) => id === "msg-5"));
    expect(listening.messages.filter(({ id }) => id !== "msg-3").map(({ id }) => id).toSorted()).toEqual(["msg-2", "msg-4", "msg-5"]);
    expect(listening.channel.status()).toMatchObject({ state: "connected", reconnects: 1 });
  });

  it.each([
    ["a drop", 1006, 1_000, 6],
    ["the end that every connection finds", 4009, 1_000, 6],
    ["a session that is not known", 4006, 3_000, 2],
    ["an error of the platform's", 4900, 1_000, 2],
    ["too many frames", 4008, 60_000, 6],
  ])("connects again after %s", async (_title, code, waitMs, op) => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    if (code === 1006) socket.drop();
    else socket.close(code);
    await lost(listening);
    await listening.clock.untilPending(1);
    await listening.clock.advance(waitMs - 1);
    expect(listening.platform.sockets).toHaveLength(1);
    await listening.clock.advance(1);
    expect(await firstOn(listening, 2)).toMatchObject({ op });
  });

  it("gets a new token where the gateway does not take the old one", async () => {
    await using listening = await listenToPlatform();
    (await listening.connected()).close(4004);
    await lost(listening);
    await listening.clock.untilPending(1);
    await listening.clock.advance(1_000);
    expect(await firstOn(listening, 2)).toMatchObject({ op: 2, d: { token: "QQBot access-token-2" } });
  });

  it("resumes at once when the gateway asks for it (QQ-D07)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    socket.send(JSON.stringify({ op: 7 }));
    expect(await firstOn(listening, 2)).toMatchObject({ op: 6 });
    expect(socket.closeCode).toBe(4_000);
    expect(listening.logger.text()).toContain("QQ: received Reconnect (op 7); will resume");
  });

  it.each([[true, 6], [false, 2]])("does as an Invalid Session of %s says, after 3 s (QQ-D07)", async (d, op) => {
    await using listening = await listenToPlatform();
    (await listening.connected()).send(JSON.stringify({ op: 9, d }));
    await lost(listening);
    await listening.clock.untilPending(1);
    await listening.clock.advance(3_000);
    expect(await firstOn(listening, 2)).toMatchObject({ op });
  });

  it.each([4001, 4002, 4010, 4011, 4012, 4013, 4014])("never connects again after %i, and says why", async (code) => {
    await using listening = await listenToPlatform();
    (await listening.connected()).close(code);
    await vi.waitUntil(() => listening.channel.status().state === "failed");
    await listening.clock.advance(86_400_000);
    expect(listening.platform.sockets).toHaveLength(1);
    expect(listening.channel.status()).toMatchObject({ state: "failed", lastError: expect.stringContaining(String(code)) as string });
    expect(await listening.channel.checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining(String(code)) as string });
    expect(listening.logger.entries.filter(({ level }) => level === "error")).toHaveLength(1);
    await listening.stop();
    expect(listening.channel.status().state).toBe("stopped");
  });

  it("looks every half an hour whether a banned bot is back", async () => {
    await using listening = await listenToPlatform();
    (await listening.connected()).close(4915);
    await vi.waitUntil(() => listening.channel.status().state === "failed");
    await listening.clock.untilPending(1);
    await listening.clock.advance(1_799_999);
    expect(listening.platform.sockets).toHaveLength(1);
    await listening.clock.advance(1);
    expect(await firstOn(listening, 2)).toMatchObject({ op: 2 });
  });

  it.each([
    ["Hello", () => undefined],
    ["session", (socket: { send: (text: string) => void }) => socket.send(hello(600_000))],
  ])("gives up a connection on which no %s comes", async (what, prepare) => {
    await using listening = await listenToPlatform();
    const socket = await listening.socket();
    await listening.clock.untilPending(1);
    if (what === "session") await listening.clock.advance(20_000);
    prepare(socket);
    if (what === "session") await listening.platform.until(() => socket.texts.length === 1);
    await listening.clock.advance(30_000);
    await listening.platform.until(() => !socket.isOpen);
    await vi.waitUntil(() => listening.channel.status().state === "backoff");
    expect(listening.channel.status().lastError).toContain(`no ${what} within 30 s`);
  });

  it("goes on with the session after a restart (QQ-19)", async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ clock });
    await using listening = await listenToPlatform({ store, clock });
    const socket = await listening.connected();
    socket.send(c2c("msg-2", 2));
    await listening.next();
    await listening.stop();
    expect(socket.closeCode).toBe(4_000);
    await using later = await listenToPlatform({ store, clock });
    expect(await firstOn(later, 1)).toMatchObject({ op: 6, d: { session_id: "session-1", seq: 2 } });
    (await later.socket()).send(c2c("msg-2", 2));
    (await later.socket()).send(c2c("msg-3", 3));
    expect((await later.next()).id).toBe("msg-3");
  });

  it("notes what it cannot read once, and lives on", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    for (const text of ["<html>", "{", "", '{"op":0,"t":"C2C_MESSAGE_CREATE","d":null,"s":2}', '{"op":99}', JSON.stringify({ op: 0, s: 3, t: "X", d: "x".repeat(2_000_000) })]) socket.send(text);
    socket.sendBytes(Uint8Array.of(1, 2, 3));
    socket.send(c2c("msg-4", 4));
    expect((await listening.next()).id).toBe("msg-4");
    expect(listening.logger.entries.filter(({ message, level }) => message === "QQ: ignoring a frame" && level === "warn")).toHaveLength(4);
    socket.send(ready("session-2", 1));
    socket.send(dispatch("GROUP_AT_MESSAGE_CREATE", groupMessage({ id: "msg-5" }), 2));
    expect((await listening.next()).id).toBe("msg-5");
  });

  it.each([
    ["asking for the gateway", PATHS.gatewayBot, { isHanging: true }],
    ["waiting", PATHS.gatewayBot, { status: 500 }],
    ["asking for a token", PATHS.token, { isHanging: true }],
  ])("stops promptly while it is %s", async (_title, path, answer) => {
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(path, answer) });
    await listening.platform.until(() => listening.platform.count(path) === 1);
    await listening.stop();
    expect([listening.clock.pending, listening.platform.sockets.length, listening.channel.status().state]).toEqual([0, 0, "stopped"]);
  });
});
