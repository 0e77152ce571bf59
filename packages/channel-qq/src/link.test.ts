import { describe, expect, it, vi } from "vitest";
import { HOSTS } from "./config.ts";
import { takeGatewayUrl } from "./gateway-url.ts";
import { framesOn, hello, listenToPlatform } from "./listening.test-support.ts";
import { PATHS } from "./platform.test-support.ts";

const limit = (remaining: number, reset_after = 120_000): object => ({ total: 1_000, remaining, reset_after, max_concurrency: 1 });

describe("openLink", () => {
  it.each([[404, { code: 404 }], [403, { code: 11253, message: "no privilege" }]])("asks the simple call where the other answers %i (QQ-17)", async (status, body) => {
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(PATHS.gatewayBot, { status, body }) });
    await listening.connected();
    expect(listening.platform.count(PATHS.gateway)).toBe(1);
  });

  it.each([
    ["a server that is down", { status: 500, body: "x" }, "QQ gateway request failed (500 Internal Server Error): x"],
    ["an answer without an address", { body: { shards: 1 } }, "Missing gateway URL in QQ response"],
    ["a page of something in between", { body: "<html>" }, "Missing gateway URL in QQ response"],
    ["an address without TLS", { body: { url: "ws://example.com/websocket" } }, "Refusing to transmit sensitive data over non-HTTPS URL: URL scheme must be https"],
    ["an address of another kind", { body: { url: "http://127.0.0.1:1/" } }, "Refusing to transmit sensitive data over non-HTTPS URL: URL scheme must be https"],
    ["a connection that breaks", { isReset: true }, "gateway/bot"],
  ])("backs off after %s, and goes on (QQ-17, QQ-D08)", async (_title, answer, text) => {
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(PATHS.gatewayBot, answer) });
    await listening.clock.untilPending(1);
    expect(listening.channel.status()).toMatchObject({ state: "backoff", lastError: expect.stringContaining(text) as string });
    await listening.clock.advance(1_000);
    await listening.connected();
  });

  it("asks once more with a new token where the old one is refused", async () => {
    const refusal = { status: 401, body: { code: 11244, message: "token not exist or expire" } };
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(PATHS.gatewayBot, refusal) });
    expect(framesOn(await listening.connected())[0]).toMatchObject({ d: { token: "QQBot access-token-2" } });
  });

  it("begins no session while the platform allows none", async () => {
    const body = { url: "ws://127.0.0.1:1/", session_start_limit: limit(0) };
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(PATHS.gatewayBot, { body }) });
    await listening.clock.untilPending(1);
    await listening.clock.advance(119_999);
    expect([listening.platform.sockets.length, listening.platform.count(PATHS.gatewayBot)]).toEqual([0, 1]);
    await listening.clock.advance(1);
    await listening.connected();
  });

  it("goes on with a session though no new one may be begun", async () => {
    await using listening = await listenToPlatform();
    const { platform, clock, channel } = listening;
    const socket = await listening.connected();
    platform.answer(PATHS.gatewayBot, { body: { url: `${platform.url.replace("http", "ws")}/websocket`, session_start_limit: limit(0) } });
    socket.drop();
    await vi.waitUntil(() => channel.status().state === "backoff");
    await clock.untilPending(1);
    await clock.advance(1_000);
    const next = await listening.socket(2);
    next.send(hello());
    await platform.until(() => next.texts.length > 0);
    expect(framesOn(next)[0]).toMatchObject({ op: 6 });
  });

  it("says that it failed while the credentials are refused, and tries again", async () => {
    const refusal = { body: { code: 100016, message: "invalid appid or secret" } };
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(PATHS.token, refusal) });
    await listening.clock.untilPending(1);
    expect(listening.channel.status()).toMatchObject({ state: "failed", lastError: expect.stringContaining("100016") as string });
    await listening.clock.advance(60_000);
    await listening.connected();
    expect(listening.logger.entries.filter(({ level }) => level === "error")).toHaveLength(1);
  });
});

describe("takeGatewayUrl", () => {
  it.each([
    ["wss://api.sgroup.qq.com/websocket/", HOSTS.api, true],
    ["wss://api.bot.qq.com/websocket/", HOSTS.api, true],
    ["wss://api.sgroup.qq.com.evil.example/", HOSTS.api, false],
    ["wss://evilqq.com/", HOSTS.api, false],
    ["ws://api.sgroup.qq.com/websocket/", HOSTS.api, false],
    ["https://api.sgroup.qq.com/websocket/", HOSTS.api, false],
    ["wss://gateway.example/", "https://relay.example", true],
    ["ws://127.0.0.1:3000/", "http://127.0.0.1:3000/qq", true],
    ["nonsense", HOSTS.api, false],
  ])("lets a token go to %s of %s: %s", (address, baseUrl, isTaken) => {
    const take = (): URL => takeGatewayUrl(address, { baseUrl }, { instance: "qq" });
    if (isTaken) expect(take().href).toBe(address);
    else expect(take).toThrow();
  });
});
