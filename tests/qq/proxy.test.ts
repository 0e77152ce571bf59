import { describe, expect, it } from "vitest";
import { startProxy } from "../support/http-proxy.ts";
import { openQq, PATHS } from "./qq-house.ts";

const PICTURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

describe("proxy_url (QQ-10)", () => {
  it("leads token, gateway, stream, messages, uploads and downloads through the proxy, with its password, and never around it", async () => {
    const { sandbox: { record, url }, qq, listening, calls, pass, failureOf } = await openQq();
    const proxy = await startProxy();
    const { channel, connection, next } = await listening({ proxyUrl: proxy.url });
    qq.say("user-1", { attachments: [{ kind: "image", bytes: PICTURE }] });
    const [picture] = (await next()).parts;
    if (picture === undefined || !("ref" in picture)) throw new TypeError("no picture");
    const fetchPicture = async (): Promise<Uint8Array | undefined> => (await channel.download?.(picture, { maxBytes: 100 }))?.bytes;
    expect(await fetchPicture()).toEqual(PICTURE);
    const target = { conversationId: "user:user-1" };
    await channel.send({ target, text: "hello", media: { kind: "file", bytes: PICTURE, name: "a.png" } });
    for (const path of [PATHS.token, PATHS.gatewayBot, PATHS.socket, "/v2/users/user-1/files"]) expect(calls(path)).toHaveLength(1);
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(url).host]));

    const seen = record.entries.length;
    proxy.cut();
    await connection.closed;
    expect(await failureOf(channel.send({ target, text: "hello" }))).toMatchObject({ code: "transient" });
    await expect(fetchPicture()).rejects.toMatchObject({ isChannelError: true });
    await pass(120_000);
    expect(record.entries).toHaveLength(seen);
  });

  it("that leads nowhere is never gone around: nothing reaches the platform", async () => {
    const { sandbox: { record }, listen, failureOf, pass } = await openQq();
    const { channel } = listen({ proxyUrl: new URL("socks5://127.0.0.1:1") });
    await pass(200_000);
    expect(channel.status().state).toBe("backoff");
    expect(await failureOf(channel.send({ target: { conversationId: "user-1" }, text: "hello" }))).toHaveProperty("isChannelError", true);
    expect(record.entries).toEqual([]);
  });

  it("with a wrong password is backed off from, and the password is told to nobody", async () => {
    const { sandbox: { record }, listen, logger, pass } = await openQq();
    const { url } = await startProxy();
    const { channel } = listen({ proxyUrl: new URL(url.href.replace("pass%20word", "letmein")) });
    await pass(10_000);
    expect(channel.status().state).toBe("backoff");
    expect(record.entries).toEqual([]);
    expect(logger.text()).not.toContain("letmein");
    expect(JSON.stringify(channel.status())).not.toContain("letmein");
  });
});
