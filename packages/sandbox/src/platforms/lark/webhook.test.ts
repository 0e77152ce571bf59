import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectLark } from "../../testing/lark-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly status?: number;
  readonly body?: string;
}

/** A bot's webhook that answers as it is told, the challenge unless told otherwise; `undefined` is no answer at all. */
async function openHook(answerOf: (received: Received) => Answer | undefined = () => ({})): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((raw) => {
      const arrived = { headers: incoming.headers, body: JSON.parse(raw) as Received["body"] };
      received.push(arrived);
      const answer = answerOf(arrived);
      if (answer === undefined) return;
      outgoing.writeHead(answer.status ?? 200).end(answer.body ?? JSON.stringify({ challenge: arrived.body["challenge"] }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/lark`, received };
}

describe("the challenge of a webhook", () => {
  it("comes first and with the token; only then events take this way (LARK-64)", async () => {
    const { lark } = await openSandbox();
    const { url, received } = await openHook();
    lark.say("ou_1", "too early");
    expect(received).toEqual([]);
    expect(await lark.useWebhook(url)).toMatchObject({ kind: "challenge", status: 200, isAccepted: true });
    expect(received[0]?.body).toEqual({ challenge: expect.any(String) as string, token: lark.credentials.verificationToken, type: "url_verification" });
    const id = lark.say("ou_1", "hello");
    await lark.nextPost();
    expect(await lark.nextPost()).toMatchObject({ kind: "event", id, attempt: 1, status: 200, isAccepted: true });
    expect(received[1]?.body).toMatchObject({ schema: "2.0", header: { event_type: "im.message.receive_v1" }, event: { message: { message_id: id } } });
    expect(lark.deliveries.at(-1)).toMatchObject({ via: "webhook", answeredAt: expect.any(Number) as number });
  });

  it.each<[string, Answer]>([
    ["another challenge", { body: '{"challenge":"mine"}' }],
    ["no JSON", { body: "ok" }],
    ["a status other than 200", { status: 401 }],
  ])("is not passed by %s, and events stay on the long connection", async (_title, answer) => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    const { url } = await openHook(() => answer);
    expect(await lark.useWebhook(url)).toMatchObject({ isAccepted: false });
    lark.say("ou_1", "hello");
    await peer.nextFrame();
    expect(lark.posts).toHaveLength(1);
  });

  it("has to be answered within a second", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const arrived = Promise.withResolvers<undefined>();
    const { url } = await openHook(() => {
      arrived.resolve(undefined);
      return undefined;
    });
    const verifying = sandbox.lark.useWebhook(url);
    await arrived.promise;
    clock.advance(1_000);
    sandbox.runDue();
    expect(await verifying).toMatchObject({ isAccepted: false, error: "no answer within 1000 ms" });
  });

  it("is posted to this machine only", async () => {
    const { lark } = await openSandbox();
    await expect(lark.useWebhook("https://bot.example/lark")).rejects.toThrow(TypeError);
    await expect(lark.useWebhook("file:///tmp/x")).rejects.toThrow(TypeError);
    await expect(lark.post("{}")).rejects.toThrow("no webhook has passed its challenge");
  });
});

describe("an event by webhook", () => {
  it("comes again after 15 s, 5 min, 1 h and 6 h until it is answered with 200", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const { lark } = sandbox;
    let events = 0;
    const { url } = await openHook(({ body }) => (body["type"] === "url_verification" ? {} : { status: (events += 1) < 4 ? 500 : 200, body: '{"fine":true}' }));
    await lark.useWebhook(url);
    await lark.nextPost();
    const id = lark.say("ou_1", "hello");
    for (const wait of [15_000, 300_000, 3_600_000]) {
      expect(await lark.nextPost()).toMatchObject({ id, status: 500, isAccepted: false });
      clock.advance(wait);
      sandbox.runDue();
    }
    expect(await lark.nextPost()).toMatchObject({ id, attempt: 4, answer: { fine: true }, isAccepted: true });
    clock.advance(100_000_000);
    sandbox.runDue();
    expect(events).toBe(4);
  });

  it("is given up after three seconds, and when nobody is there", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const { lark } = sandbox;
    const arrived = Promise.withResolvers<undefined>();
    const { url } = await openHook(({ body }) => {
      if (body["type"] === "url_verification") return {};
      arrived.resolve(undefined);
      return undefined;
    });
    await lark.useWebhook(url);
    await lark.nextPost();
    lark.say("ou_1", "hello");
    await arrived.promise;
    clock.advance(3_000);
    sandbox.runDue();
    expect(await lark.nextPost()).toMatchObject({ isAccepted: false, error: "no answer within 3000 ms" });
    const nobody = await lark.useWebhook("http://127.0.0.1:1/lark");
    expect(nobody).not.toHaveProperty("status");
    expect(nobody.error).toMatch(/ECONNREFUSED|bad port/);
  });

  it("is encrypted and signed when there is a key; what a test makes of it is sent as it is", async () => {
    const { lark } = await openSandbox({ lark: { encryptKey: "k-1" } });
    const challenges: unknown[] = [];
    const { url, received } = await openHook(({ body }) => {
      challenges.push(body["encrypt"]);
      return { body: "{}" };
    });
    expect(await lark.useWebhook(url)).toMatchObject({ isAccepted: false });
    expect(received[0]?.body).toEqual({ encrypt: expect.any(String) as string });
    expect(received[0]?.headers).not.toHaveProperty("x-lark-signature");
    lark.accept({ encryptKey: "" });
    const open = await openHook();
    await lark.useWebhook(open.url);
    lark.accept({ encryptKey: "k-1" });
    lark.say("ou_1", "hello");
    await lark.post('{"uuid":"v1"}', { isPlain: true, headers: { "x-lark-signature": "bad" } });
    const [, event, forged] = open.received;
    expect(event?.headers["x-lark-signature"]).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(event?.body ?? {})).toEqual(["encrypt"]);
    expect(forged).toMatchObject({ body: { uuid: "v1" }, headers: { "x-lark-signature": "bad" } });
  });

  it("gives back what a click is answered with", async () => {
    const { lark } = await openSandbox();
    const { url } = await openHook(({ body }) => (body["type"] === "url_verification" ? {} : { body: '{"toast":{"content":"ok"}}' }));
    await lark.useWebhook(url);
    await lark.nextPost();
    lark.click("ou_1", lark.say("ou_1", "anything"));
    await lark.nextPost();
    expect(await lark.nextPost()).toMatchObject({ answer: { toast: { content: "ok" } } });
    const peer = await connectLark(lark);
    lark.say("ou_1", "by the long connection all the same", { connection: peer.connection.id });
    await peer.nextFrame();
  });
});
