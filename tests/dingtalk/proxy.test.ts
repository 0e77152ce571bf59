import { describe, expect, it } from "vitest";
import { openDingtalk, PATHS } from "./dingtalk-house.ts";
import { startProxy } from "../support/http-proxy.ts";

const PICTURE = Uint8Array.from([1, 2, 3]);

describe("proxy_url (DT-10)", () => {
  it("leads registration, stream, webhook, token and download through the proxy, with its password, and never around it", async () => {
    const { sandbox: { record, url }, dingtalk, listening, calls, during, pass } = await openDingtalk();
    const proxy = await startProxy();
    const { channel, connection, next } = await listening({ proxyUrl: proxy.url });
    dingtalk.say("staff-1", { msgtype: "picture", bytes: PICTURE });
    const [picture] = (await next()).parts;
    if (picture === undefined || !("ref" in picture)) throw new TypeError("no picture");
    const fetchPicture = async (): Promise<Uint8Array | undefined> => (await channel.download?.(picture, { maxBytes: 100 }))?.bytes;
    expect(await fetchPicture()).toEqual(PICTURE);
    await channel.send({ target: { conversationId: "staff-1" }, text: "hello" });
    for (const path of Object.values(PATHS)) expect(calls(path)).toHaveLength(1);
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(url).host]));

    const seen = record.entries.length;
    proxy.cut();
    await connection.closed;
    await expect(during(channel.send({ target: { conversationId: "staff-1" }, text: "hello" }))).rejects.toMatchObject({ code: "transient" });
    await expect(fetchPicture()).rejects.toMatchObject({ isChannelError: true });
    await pass(120_000);
    expect(record.entries).toHaveLength(seen);
  });

  it("that leads nowhere is never gone around: nothing reaches the platform", async () => {
    const { sandbox: { record }, listen, failureOf, pass } = await openDingtalk();
    const { channel } = listen({ proxyUrl: new URL("http://127.0.0.1:1") });
    await pass(200_000);
    expect(channel.status().state).toBe("backoff");
    expect(await failureOf(channel, "staff-1")).toMatchObject({ code: "no-route" });
    expect(record.entries).toEqual([]);
  });

  it("with a wrong password is backed off from, and the password is told to nobody", async () => {
    const { sandbox: { record }, listen, logger, pass } = await openDingtalk();
    const { url } = await startProxy();
    const { channel } = listen({ proxyUrl: new URL(url.href.replace("pass%20word", "letmein")) });
    await pass(10_000);
    expect(channel.status().state).toBe("backoff");
    expect(record.entries).toEqual([]);
    expect(logger.text()).not.toContain("letmein");
    expect(JSON.stringify(channel.status())).not.toContain("letmein");
  });
});
