import type { Accept } from "@revka/core";
import { describe, expect, it } from "vitest";
import { acksOn, callback, listenToPlatform, robotMessage, system } from "./listening.test-support.ts";
import { PATHS } from "./platform.test-support.ts";

const busyFor = (release: Promise<unknown>): Accept => () => release.then(() => "accepted" as const);

describe("receive", () => {
  it("registers for robot messages alone and connects with the ticket that it gets (DT-02, DT-12)", async () => {
    await using listening = await listenToPlatform();
    const { platform } = listening;
    await listening.connected();
    expect(platform.bodies(PATHS.open)).toEqual([
      {
        clientId: "ding-app-key",
        clientSecret: "ding-app-secret",
        subscriptions: [{ type: "CALLBACK", topic: "/v1.0/im/bot/messages/get" }],
        ua: expect.stringMatching(/^revka-channels-node\//) as string,
      },
    ]);
    expect(platform.calls[0]?.headers).toMatchObject({ accept: "application/json", "content-type": "application/json" });
    expect(platform.tickets).toEqual(["ticket 1+/="]);
  });

  it("answers pings at once while every handler is busy, acks nothing before it is kept (DT-25, DT-26)", async () => {
    const release = Promise.withResolvers<undefined>();
    await using listening = await listenToPlatform({ answer: busyFor(release.promise) });
    const socket = await listening.connected();
    socket.send(callback(robotMessage()));
    await listening.next();
    for (let count = 0; count < 50; count += 1) socket.send(system("ping", { messageId: `ping-${count}` }, `{"opaque":"${count}"}`));
    await listening.platform.until(() => socket.texts.length === 50);
    expect(acksOn(socket)).not.toContain("200 delivery-1");
    expect(JSON.parse(socket.texts[49] ?? "")).toEqual({
      code: 200, message: "OK", headers: { messageId: "ping-49", contentType: "application/json" }, data: '{"opaque":"49"}',
    });
    release.resolve(undefined);
    await listening.platform.until(() => socket.texts.length === 51);
    expect(acksOn(socket).at(-1)).toBe("200 delivery-1");
  });

  it("hands over a message once, however often it is delivered, and acks every delivery", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    socket.send(callback(robotMessage()));
    await listening.next();
    socket.send(callback(robotMessage(), { messageId: "delivery-2" }));
    await listening.clock.advance(60_000);
    socket.send(callback(robotMessage(), { messageId: "delivery-3" }));
    await listening.platform.until(() => socket.texts.length === 3);
    expect([acksOn(socket), listening.messages.length]).toEqual([["200 delivery-1", "200 delivery-2", "200 delivery-3"], 1]);
  });

  it("leaves a message to the platform while the host cannot keep it, and takes it the next time", async () => {
    const answers: Accept[] = [() => Promise.reject(new TypeError("disk full")), () => Promise.reject(new TypeError("disk full")), () => Promise.resolve("accepted")];
    let calls = 0;
    await using listening = await listenToPlatform({ answer: (message) => answers[calls++]?.(message) ?? Promise.resolve("accepted") });
    const socket = await listening.connected();
    for (let count = 1; count <= 3; count += 1) {
      socket.send(callback(robotMessage(), { messageId: `delivery-${count}` }));
      await listening.next();
    }
    await listening.platform.until(() => socket.texts.length > 0);
    expect(acksOn(socket)).toEqual(["200 delivery-3"]);
    expect(listening.logger.text()).toContain("leaving it to the platform");
  });

  it("acks whom it does not admit, and whom nobody can read (DT-20)", async () => {
    await using listening = await listenToPlatform({ config: { allowedUsers: [] } });
    const socket = await listening.connected();
    socket.send(callback(robotMessage(), { messageId: "denied" }));
    socket.send(callback("{not json", { messageId: "unreadable" }));
    socket.send("no frame");
    socket.sendBytes(new Uint8Array([1, 2]));
    socket.send(callback(robotMessage({ text: { content: "x".repeat(300_000) } }), { messageId: "large" }));
    await listening.platform.until(() => socket.texts.length === 3);
    expect([acksOn(socket).toSorted(), listening.messages]).toEqual([["200 denied", "200 large", "200 unreadable"], []]);
    expect(listening.channel.status().state).toBe("connected");
  });

  it("opens the next connection before the old one closes, and acks each message where it came from", async () => {
    await using listening = await listenToPlatform();
    const { platform, clock } = listening;
    const old = await listening.connected();
    old.send(system("disconnect", {}, '{"reason":"connection is expired"}'));
    const replacement = await listening.connected(2);
    expect([old.isOpen, platform.tickets]).toEqual([true, ["ticket 1+/=", "ticket 2+/="]]);
    old.send(callback(robotMessage({ msgId: "late" }), { messageId: "on-old" }));
    replacement.send(callback(robotMessage({ msgId: "early" }), { messageId: "on-new" }));
    replacement.send(callback(robotMessage({ msgId: "late" }), { messageId: "again-on-new" }));
    await platform.until(() => old.texts.length === 1 && replacement.texts.length === 2);
    expect([acksOn(old), acksOn(replacement).toSorted()]).toEqual([["200 on-old"], ["200 again-on-new", "200 on-new"]]);
    expect(listening.messages.map(({ id }) => id).toSorted()).toEqual(["early", "late"]);
    await clock.advance(12_000);
    await platform.until(() => !old.isOpen);
    expect([old.closeCode, replacement.isOpen]).toEqual([1000, true]);
    expect(listening.channel.status()).toMatchObject({ state: "connected", reconnects: 0 });
  });

  it("notices a connection that is dead though it is open, pings before, and connects again", async () => {
    await using listening = await listenToPlatform();
    const { platform, clock } = listening;
    const socket = await listening.connected();
    await platform.until(() => socket.pings === 1);
    socket.playDead();
    await clock.advance(30_000);
    await platform.until(() => socket.pings === 2);
    await clock.advance(45_000);
    await platform.until(() => !socket.isOpen);
    await clock.untilPending(1);
    await clock.advance(1_200);
    await listening.connected(2);
    expect(listening.logger.text()).toContain("DingTalk WebSocket error: nothing heard for 75 s");
  });

  it.each([
    ["drop", 1006],
    ["goodbye", 1011],
  ])("connects again after a %s, with a new ticket", async (_title, code) => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    if (code === 1006) socket.drop();
    else socket.close(code);
    await listening.platform.until(() => !socket.isOpen);
    await listening.clock.untilPending(1);
    await listening.clock.advance(1_000);
    await listening.connected(2);
    expect(listening.platform.tickets).toEqual(["ticket 1+/=", "ticket 2+/="]);
    expect(listening.platform.sockets.filter(({ isOpen }) => isOpen)).toHaveLength(1);
    const errors = listening.logger.entries.map(({ message }) => message).filter((message) => message.startsWith("DingTalk WebSocket error:"));
    expect(errors).toEqual(code === 1006 ? ["DingTalk WebSocket error: no goodbye"] : []);
  });

  it("never tries a refused ticket twice", async () => {
    await using listening = await listenToPlatform({ prepare: (platform) => platform.refuseHandshakes(2, 401) });
    await listening.clock.untilPending(1);
    await listening.clock.advance(1_000);
    await listening.platform.until(() => listening.platform.tickets.length === 2);
    await listening.clock.untilPending(1);
    await listening.clock.advance(2_000);
    await listening.connected();
    expect(new Set(listening.platform.tickets).size).toBe(3);
  });

  it("says that it failed while the credentials are refused, and tries again every minute", async () => {
    const refusal = { status: 401, body: { requestid: "r-1", code: "authFailed", message: "no" } };
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(PATHS.open, refusal, refusal) });
    const { clock, channel, logger, platform } = listening;
    await clock.untilPending(1);
    expect(channel.status()).toMatchObject({ state: "failed", lastError: expect.stringContaining("authFailed") as string });
    expect(await channel.checkHealth()).toMatchObject({ ok: false });
    await clock.advance(59_999);
    expect(platform.bodies(PATHS.open)).toHaveLength(1);
    await clock.advance(1);
    await clock.untilPending(1);
    await clock.advance(60_000);
    await listening.connected();
    expect(logger.entries.filter(({ level }) => level === "error")).toHaveLength(1);
    expect(logger.text()).toContain("r-1");
  });

  it.each([
    ["a page of a proxy", { status: 400, body: "<html>The plain HTTP request was sent to HTTPS port</html>" }, 1_000],
    ["a gateway that is down", { status: 503 }, 1_000],
    ["an answer without a ticket", { body: { endpoint: "wss://x.dingtalk.com/connect" } }, 1_000],
    ["an endpoint without TLS", { body: { endpoint: "ws://example.com/connect", ticket: "t" } }, 1_000],
    ["the punishment of an IP address", { body: { status: 1111, wait: 5, source: "x5", punish: "deny", uuid: "u" } }, 60_000],
    ["a connection that breaks", { isReset: true }, 1_000],
  ])("backs off after %s", async (_title, answer, waitMs) => {
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(PATHS.open, answer) });
    await listening.clock.untilPending(1);
    expect(listening.channel.status().state).toBe("backoff");
    await listening.clock.advance(waitMs - 1);
    expect(listening.platform.bodies(PATHS.open)).toHaveLength(1);
    await listening.clock.advance(1);
    await listening.connected();
  });

  it.each([
    ["registering", { prepare: (platform: { answer: (path: string, answer: object) => void }) => platform.answer(PATHS.open, { isHanging: true }) }],
    ["waiting", { prepare: (platform: { answer: (path: string, answer: object) => void }) => platform.answer(PATHS.open, { status: 503 }) }],
  ])("stops promptly while it is %s", async (_title, options) => {
    await using listening = await listenToPlatform(options);
    await listening.platform.until(() => listening.platform.calls.length === 1);
    await listening.stop();
    expect([listening.clock.pending, listening.platform.sockets.length, listening.channel.status().state]).toEqual([0, 0, "stopped"]);
  });

  it("says when the organisation's quota is used up, and that it is over with the next message", async () => {
    await using listening = await listenToPlatform();
    const { channel, logger, next } = listening;
    const socket = await listening.connected();
    socket.send(callback({ conversationId: "cid", msgId: "q-1", senderStaffId: "staff-1", errorCode: 20001, errorMessage: "used up" }));
    await listening.platform.until(() => socket.texts.length === 1);
    expect(await channel.checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining("quota") as string });
    expect([listening.messages, logger.entries.filter(({ level }) => level === "error").length]).toEqual([[], 1]);
    socket.send(callback(robotMessage()));
    await next();
    expect(await channel.checkHealth()).toMatchObject({ ok: true });
  });

  it("refuses a webhook that is not the platform's, and hands the message over all the same", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    socket.send(callback(robotMessage({ sessionWebhook: "http://127.0.0.1:9/robot/sendBySession?session=x" })));
    await listening.next();
    expect(listening.logger.text()).toContain("not one of DingTalk's");
    await expect(listening.channel.send({ target: { conversationId: "staff-1" }, text: "hi" })).rejects.toThrow("No session webhook found");
  });
});
