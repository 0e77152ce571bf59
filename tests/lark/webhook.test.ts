import { connect } from "node:net";
import type { LarkTwist } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { freePort } from "../support/port.ts";
import { openLark, until, type LarkHouse, type Listener, type ListenOptions } from "./lark-house.ts";

const SECRETS = { encryptKey: "an encrypt key", verificationToken: "a verification token" } as const;

/** A channel whose webhook has passed the challenge. */
async function openWebhook(house: LarkHouse, options: ListenOptions = {}): Promise<Listener & { readonly url: string }> {
  house.lark.accept(SECRETS);
  const port = freePort();
  const listener = house.listen({ ...SECRETS, ...options, receiveMode: "webhook", port });
  await until(() => listener.channel.status().state === "connected");
  const url = `http://127.0.0.1:${port}/lark`;
  expect(await house.lark.useWebhook(url)).toMatchObject({ status: 200, isAccepted: true });
  return { ...listener, url };
}

const eventOf = (appId: string, token: string = SECRETS.verificationToken): string =>
  JSON.stringify({ schema: "2.0", header: { event_id: "e-1", event_type: "im.message.receive_v1", token, app_id: appId }, event: {} });

describe("the challenge of the console", () => {
  it.each<[string, Partial<typeof SECRETS>]>([
    ["in plain text, with nothing configured", {}],
    ["in plain text, with a token", { verificationToken: SECRETS.verificationToken }],
    ["encrypted", { encryptKey: SECRETS.encryptKey }],
    ["encrypted, with a token", SECRETS],
  ])("is answered %s (LARK-62, LARK-63, LARK-66)", async (_title, secrets) => {
    const house = await openLark();
    house.lark.accept(secrets);
    const port = freePort();
    const { channel } = house.listen({ ...secrets, receiveMode: "webhook", port });
    await until(() => channel.status().state === "connected");
    expect(await house.lark.useWebhook(`http://127.0.0.1:${port}/lark`)).toMatchObject({ status: 200, isAccepted: true });
  });

  it("with another token is refused, and no event comes (LARK-63, LARK-64)", async () => {
    const house = await openLark();
    house.lark.accept({ verificationToken: "another token" });
    const port = freePort();
    const { channel, texts } = house.listen({ verificationToken: SECRETS.verificationToken, receiveMode: "webhook", port });
    await until(() => channel.status().state === "connected");
    expect(await house.lark.useWebhook(`http://127.0.0.1:${port}/lark`)).toMatchObject({ status: 403, answer: "invalid token", isAccepted: false });
    house.lark.say("ou_ann", "hello");
    await house.pass(1_000);
    expect(texts()).toEqual([]);
  });
});

describe("an event at the webhook", () => {
  it.each<[string, LarkTwist]>([["in compact JSON", {}], ["in JSON with line breaks", { isPretty: true }]])("is taken %s, decrypted, by its signature over the bytes as they came (LARK-65, LARK-66)", async (_title, twist) => {
    const house = await openLark();
    await openWebhook(house);
    const { appId } = house.lark.credentials;
    expect(await house.lark.post(eventOf(appId), twist)).toMatchObject({ status: 200 });
  });

  it.each<[string, LarkTwist, number]>([
    ["another's signature", { headers: { "x-lark-signature": "0".repeat(64) } }, 401],
    ["no signature", { headers: { "x-lark-signature": "" } }, 401],
    ["no timestamp", { headers: { "x-lark-request-timestamp": "" } }, 401],
    ["no nonce", { headers: { "x-lark-request-nonce": "" } }, 401],
    ["a timestamp of long ago", { timestamp: 1_000_000_000 }, 401],
    ["plain text although there is a key", { isPlain: true }, 401],
    ["another key", { encryptKey: "another key" }, 401],
    ["bytes that cannot be decrypted", { body: '{"encrypt":"AAAA"}' }, 400],
    ["no JSON", { body: "<html>" }, 400],
    ["2 MiB", { body: "x".repeat(2 * 1024 * 1024) }, 413],
    ["another type of content", { headers: { "content-type": "text/plain" } }, 415],
  ])("is refused with %s", async (_title, twist, status) => {
    const house = await openLark();
    const { texts } = await openWebhook(house);
    expect(await house.lark.post(eventOf(house.lark.credentials.appId), twist)).toMatchObject({ status, isAccepted: false });
    expect(texts()).toEqual([]);
  });

  it.each([["of another app", "cli_00000000deadbeef", SECRETS.verificationToken], ["with another token", undefined, "another token"]])("is refused %s, signed as it is", async (_title, appId, token) => {
    const house = await openLark();
    await openWebhook(house);
    expect(await house.lark.post(eventOf(appId ?? house.lark.credentials.appId, token))).toMatchObject({ status: 403 });
  });

  it.each([["GET", "/lark", 405], ["POST", "/other", 404]])("is looked for by no other way: %s %s", async (method, path, status) => {
    const house = await openLark();
    const { url } = await openWebhook(house);
    expect((await fetch(new URL(path, url), { method })).status).toBe(status);
  });

  it("comes again when the host could not keep it, and counts once", async () => {
    const house = await openLark();
    let tries = 0;
    const answer = (): Promise<"accepted"> => (++tries === 1 ? Promise.reject(new Error("the disk is full")) : Promise.resolve("accepted"));
    const { texts } = await openWebhook(house, { answer });
    const id = house.lark.say("ou_ann", "hello");
    await house.during(until(() => house.lark.posts.some((post) => post.id === id && post.isAccepted)));
    house.lark.redeliver(id);
    await house.during(until(() => house.lark.posts.filter((post) => post.id === id).length === 3));
    expect(texts()).toEqual(["hello", "hello"]);
  });

  it("is taken once over both ways, and answered though its sender left early", async () => {
    const house = await openLark();
    const { texts, url } = await openWebhook(house);
    const { port } = new URL(url);
    await new Promise((resolve) => {
      const early = connect(Number(port), "127.0.0.1", () => early.end("POST /lark HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
      early.on("close", resolve).resume();
    });
    const id = house.lark.say("ou_ann", "hello");
    house.lark.redeliver(id);
    await house.during(until(() => house.lark.posts.filter((post) => post.id === id && post.isAccepted).length === 2));
    expect(texts()).toEqual(["hello"]);
  });
});

describe("a port", () => {
  it("that is in use is tried until it is free", async () => {
    const house = await openLark();
    const first = await openWebhook(house);
    const port = Number(new URL(first.url).port);
    const { channel } = house.listen({ ...SECRETS, receiveMode: "webhook", port });
    await house.pass(30_000);
    expect(channel.status().state).toBe("failed");
    await first.stop();
    await house.during(until(() => channel.status().state === "connected"));
    expect(await house.lark.useWebhook(first.url)).toMatchObject({ isAccepted: true });
  });
});
