import { describe, expect, it } from "vitest";
import { dataFrame, envelope, framesOn, listenToPlatform, messageEvent, pingsOn, pongFrame } from "./listening.test-support.ts";
import { ROUTES, SERVICE_ID } from "./platform.test-support.ts";

const FORBIDDEN = { status: 400, headers: { "Handshake-Status": "403", "Handshake-Msg": "forbidden" } };

describe("the long connection", () => {
  it("pings at once, and then as often as the pong says (LARK-55, LARK-81)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    expect(framesOn(socket)).toMatchObject([{ seqId: 0n, logId: 0n, service: SERVICE_ID, method: 0, headers: [{ key: "type", value: "ping" }] }]);
    socket.send(pongFrame({ PingInterval: 30 }));
    socket.send(dataFrame(envelope(messageEvent())));
    await listening.next();
    await listening.clock.advance(30_000);
    await listening.platform.until(() => pingsOn(socket) === 2);
  });

  it.each([
    [0, 10_000],
    [-5, 10_000],
    [3, 10_000],
    [20, 20_000],
    [100_000, 240_000],
  ])("takes a ping interval of %i s within reason (LARK-81)", async (seconds, intervalMs) => {
    await using listening = await listenToPlatform({ prepare: (platform) => void (platform.clientConfig = { PingInterval: seconds }) });
    const socket = await listening.connected();
    await listening.clock.advance(intervalMs - 1);
    expect(pingsOn(socket)).toBe(1);
    await listening.clock.advance(1);
    await listening.platform.until(() => pingsOn(socket) === 2);
  });

  it("pings every 120 s where the platform asks for nothing that can be read (LARK-81)", async () => {
    await using listening = await listenToPlatform({ prepare: (platform) => void (platform.clientConfig = { PingInterval: "often" }) });
    const socket = await listening.connected();
    socket.send(pongFrame({ PingInterval: null }));
    await listening.clock.advance(119_999);
    expect(pingsOn(socket)).toBe(1);
    await listening.clock.advance(1);
    await listening.platform.until(() => pingsOn(socket) === 2);
  });

  it("is made anew after two pings without an answer, although the WebSocket itself answers (LARK-59, LARK-75)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    await listening.clock.advance(239_000);
    socket.ping();
    await listening.platform.until(() => pingsOn(socket) === 2);
    expect(listening.channel.status().state).toBe("connecting");
    await listening.clock.advance(1_000);
    await listening.connected(2);
    expect(listening.logger.text()).toContain("warn Lark: heartbeat timeout, reconnecting");
    expect(listening.platform.callsOf(ROUTES.discover)).toHaveLength(2);
  });

  it("is made anew after 300 s without a message (LARK-59)", async () => {
    await using listening = await listenToPlatform({ prepare: (platform) => void (platform.clientConfig = { PingInterval: 240, ReconnectNonce: 0 }) });
    const socket = await listening.answered();
    await listening.clock.advance(299_999);
    expect([socket.isOpen, listening.channel.status().state]).toEqual([true, "connected"]);
    await listening.clock.advance(1);
    await listening.connected(2);
  });

  it("stays while the platform says anything (LARK-59)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    for (let minute = 2; minute <= 20; minute += 2) {
      await listening.clock.advance(119_000);
      socket.send(dataFrame(envelope(messageEvent({ message_id: `om_${minute}` }))));
      await listening.next();
      await listening.clock.advance(1_000);
    }
    expect([listening.platform.sockets.length, socket.isOpen]).toEqual([1, true]);
  });

  it.each<[string, (socket: { close(code: number): void; drop(): void }) => void, RegExp]>([
    ["says goodbye", (socket) => socket.close(1001), /closed with code 1001/],
    ["breaks", (socket) => socket.drop(), /warn Lark: WS read error: /],
  ])("begins with a new endpoint each time that it %s (LARK-75)", async (_title, end, line) => {
    await using listening = await listenToPlatform();
    end(await listening.answered());
    const second = await listening.answered(2);
    expect(listening.platform.callsOf(ROUTES.discover)).toHaveLength(2);
    expect(listening.logger.text()).toMatch(line);
    expect(listening.channel.status()).toMatchObject({ state: "connected", reconnects: 1 });
    expect(second.isOpen).toBe(true);
  });

  it("waits a random part of the nonce before it is made anew, and the interval after that", async () => {
    const config = { ReconnectCount: -1, ReconnectNonce: 30, ReconnectInterval: 60, PingInterval: 120 };
    await using listening = await listenToPlatform({ prepare: (platform) => void (platform.clientConfig = config) });
    const socket = await listening.connected();
    listening.platform.answer(ROUTES.discover, { status: 500 });
    socket.close(1001);
    await listening.logged("connection lost");
    await listening.clock.advance(14_999);
    expect(listening.platform.callsOf(ROUTES.discover)).toHaveLength(1);
    await listening.clock.advance(1);
    await listening.platform.until(() => listening.platform.callsOf(ROUTES.discover).length === 2);
    await listening.logged("cannot connect");
    await listening.clock.advance(60_000);
    await listening.connected(2);
  });

  it("ends listening when the platform asks to give up", async () => {
    await using listening = await listenToPlatform({ prepare: (platform) => void (platform.clientConfig = { ReconnectCount: 0 }) });
    (await listening.connected()).close(1001);
    await expect(listening.listening).rejects.toMatchObject({ code: "transient", closeCode: 1001 });
    expect(listening.channel.status().state).toBe("failed");
  });

  it("ends listening where the platform refuses the app, at the discovery or the handshake", async () => {
    await using discovery = await listenToPlatform({ prepare: (platform) => platform.answer(ROUTES.discover, { body: { code: 514, msg: "auth failed" } }) });
    await expect(discovery.listening).rejects.toMatchObject({ code: "auth", platformCode: "514" });
    expect(discovery.channel.status()).toMatchObject({ state: "failed" });
    await using handshake = await listenToPlatform({ prepare: (platform) => platform.refuseHandshakes(FORBIDDEN) });
    await expect(handshake.listening).rejects.toMatchObject({ code: "auth", platformCode: "403" });
  });

  it("tries again after a refused ticket, and slowly while the app has too many connections", async () => {
    const crowded = { status: 400, headers: { "Handshake-Status": "514", "Handshake-Autherrcode": "1000040350", "Handshake-Msg": "too many connections" } };
    await using listening = await listenToPlatform({ prepare: (platform) => platform.refuseHandshakes({ status: 400 }, crowded) });
    await listening.logged("cannot connect", 2);
    expect(listening.channel.status()).toMatchObject({ state: "failed", lastError: expect.stringContaining("too many connections") as string });
    expect(listening.logger.entries.filter(({ level }) => level === "error")).toHaveLength(1);
    await listening.clock.advance(299_999);
    expect(listening.platform.sockets).toHaveLength(0);
    await listening.clock.advance(1);
    await listening.connected();
    expect(listening.platform.callsOf(ROUTES.discover)).toHaveLength(3);
  });

  it("is over at once when it is stopped, also while it waits, with nothing left open", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    await listening.stop();
    await listening.platform.until(() => !socket.isOpen);
    expect([socket.closeCode, listening.channel.status().state, listening.clock.pending]).toEqual([1000, "stopped", 0]);
    await using waiting = await listenToPlatform({ prepare: (platform) => platform.answer(ROUTES.discover, { status: 500 }, { status: 500 }) });
    await waiting.logged("cannot connect", 2);
    await waiting.stop();
    expect([waiting.channel.status().state, waiting.clock.pending]).toEqual(["stopped", 0]);
  });

  it("gives no secret away", async () => {
    const leaky = { body: { code: 1, msg: "busy lark-app-secret" } };
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(ROUTES.discover, leaky) });
    const socket = await listening.connected();
    socket.drop();
    await listening.logged("connection lost");
    await listening.clock.advance(2_000);
    await listening.connected(2);
    const given = `${listening.logger.text()} ${JSON.stringify(listening.channel.status())}`;
    expect(["lark-app-secret", "ticket-", "t-token"].filter((secret) => given.includes(secret))).toEqual([]);
  });
});
