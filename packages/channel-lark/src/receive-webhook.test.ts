import { createContext, textOf, TransientError, type Accept, type Channel } from "@revka/core";
import { createManualClock, recordingAccept, recordingLogger, type ManualClock, type RecordingAccept, type RecordingLogger } from "@revka/core/testing";
import fc from "fast-check";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { createLarkChannel } from "./channel.ts";
import type { LarkConfig } from "./config.ts";
import { CARD_USE, CONFIG, envelope, messageEvent } from "./listening.test-support.ts";
import { startPlatform } from "./platform.test-support.ts";
import { createWebhookListeners, type WebhookListeners } from "./webhook-listener.ts";

const LISTENING = "Lark event callback server listening on";
const TOKEN = "v-token-123";

interface Subject extends RecordingAccept, AsyncDisposable {
  readonly channel: Channel;
  readonly logger: RecordingLogger;
  readonly clock: ManualClock;
  readonly listening: Promise<void>;
  /** Waits until it listens; gives the URL. */
  url(): Promise<string>;
  post(body: unknown): Promise<{ status: number; text: string }>;
}

async function open(config: Partial<LarkConfig> = {}, answer?: Accept, listeners?: WebhookListeners): Promise<Subject> {
  const platform = await startPlatform();
  const logger = recordingLogger();
  const clock = createManualClock();
  const context = createContext(config.region ?? "lark", { logger, clock });
  const channel = createLarkChannel({ ...CONFIG, baseUrl: platform.url, receiveMode: "webhook", port: 0, ...config }, context, listeners);
  const recorded = recordingAccept(answer);
  const abort = new AbortController();
  const listening = channel.listen(recorded.accept, abort.signal);
  listening.catch(() => undefined);
  const lineOf = (): string | undefined => logger.entries.find(({ message }) => message.startsWith(LISTENING))?.message;
  async function url(): Promise<string> {
    const line = await vi.waitUntil(lineOf, { interval: 2, timeout: 4_000 });
    return `http://${line.slice(LISTENING.length + 1)}`;
  }
  return {
    ...recorded,
    channel,
    logger,
    clock,
    listening,
    url,
    async post(body) {
      const response = await fetch(await url(), { method: "POST", headers: { "content-type": "application/json" }, body: typeof body === "string" ? body : JSON.stringify(body) });
      return { status: response.status, text: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await listening.catch(() => undefined);
      await platform[Symbol.asyncDispose]();
    },
  };
}

describe("receiving over the webhook", () => {
  it("listens on this machine, and takes a message before it says so (LARK-60, LARK-65, LARK-73, W-6)", async () => {
    await using subject = await open({ verificationToken: TOKEN });
    expect(await subject.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/lark$/);
    expect(await subject.post(envelope(messageEvent()))).toEqual({ status: 200, text: "ok" });
    expect(subject.messages.map((message) => [message.id, textOf(message)])).toEqual([["om_1", "hello"]]);
    expect(subject.channel.status().state).toBe("connected");
    expect(subject.channel.capabilities.receive).toBe("webhook");
  });

  it("answers the challenge of the console, and refuses one with another token (LARK-62, LARK-63, LARK-74)", async () => {
    await using subject = await open({ verificationToken: TOKEN });
    const challenge = { challenge: "chal-9f2", token: TOKEN, type: "url_verification" };
    expect(await subject.post(challenge)).toEqual({ status: 200, text: '{"challenge":"chal-9f2"}' });
    expect(await subject.post({ ...challenge, token: "wrong" })).toEqual({ status: 403, text: "invalid token" });
    expect(subject.logger.text()).not.toContain(TOKEN);
  });

  it("warns at its start that events can be forged where nothing is configured against it (LARK-74, W-2)", async () => {
    await using forgeable = await open();
    await forgeable.url();
    expect(forgeable.logger.text()).toContain("warn Lark: neither verification_token nor encrypt_key is set: anyone who knows the webhook's URL can forge events");
    await expect(forgeable.channel.checkHealth()).resolves.toMatchObject({ ok: true, detail: expect.stringContaining("can forge events") as string });
    await using closed = await open({ encryptKey: "key" });
    await closed.url();
    expect(closed.logger.entries.filter(({ level }) => level === "warn")).toEqual([]);
  });

  it("takes a message once (LARK-58)", async () => {
    await using subject = await open();
    const answers = [await subject.post(envelope(messageEvent())), await subject.post(envelope(messageEvent(), { event_id: "ev-2" }))];
    expect([answers.map(({ status }) => status), subject.messages.length]).toEqual([[200, 200], 1]);
  });

  it("leaves to the platform what the host cannot keep, and takes it the next time", async () => {
    let calls = 0;
    await using subject = await open({}, () => (calls++ === 0 ? Promise.reject(new TransientError("disk full")) : Promise.resolve("accepted")));
    expect(await subject.post(envelope(messageEvent()))).toEqual({ status: 503, text: "" });
    expect(await subject.post(envelope(messageEvent()))).toEqual({ status: 200, text: "ok" });
  });

  it("answers in time also while the host is slow", async () => {
    await using subject = await open({}, () => new Promise(() => undefined));
    const answer = subject.post(envelope(messageEvent()));
    await subject.next();
    await subject.clock.advance(2_000);
    expect((await answer).status).toBe(503);
  });

  it("answers the use of a card with JSON, and other events with nothing much", async () => {
    await using subject = await open();
    expect(await subject.post(envelope(CARD_USE, { event_type: "card.action.trigger" }))).toEqual({ status: 200, text: "{}" });
    expect(await subject.post(envelope({}, { event_type: "im.message.message_read_v1" }))).toEqual({ status: 200, text: "ok" });
    expect(await subject.post({ uuid: "1", type: "event_callback", event: { type: "message" } })).toEqual({ status: 200, text: "ok" });
    expect(subject.messages).toHaveLength(1);
  });

  it("refuses the events of another app", async () => {
    await using subject = await open();
    expect(await subject.post(envelope(messageEvent(), { app_id: "cli_other" }))).toEqual({ status: 403, text: "" });
    expect(subject.messages).toEqual([]);
  });

  it("says whom it does not know (LARK-75, LARK-46)", async () => {
    await using subject = await open({ allowedUsers: [] });
    expect(await subject.post(envelope(messageEvent()))).toEqual({ status: 200, text: "ok" });
    expect(subject.logger.text()).toContain("warn Lark: ignoring message from unauthorized user: ou_friend");
  });

  it("tries a port again that it could not have, and shows that an operator has to act", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await using subject = await open({ port });
    await vi.waitUntil(() => subject.channel.status().state === "failed", { interval: 2 });
    expect(subject.channel.status().lastError).toContain(`cannot listen on 127.0.0.1:${port}`);
    await expect(subject.channel.checkHealth()).resolves.toMatchObject({ ok: false });
    other.close();
    await once(other, "close");
    await subject.clock.advance(10_000);
    expect((await subject.post(envelope(messageEvent()))).status).toBe(200);
  });

  it("shares a port between Lark and Feishu, each with its path and its app (GW-35, LARK-70)", async () => {
    const listeners = createWebhookListeners();
    await using lark = await open({ region: "lark" }, undefined, listeners);
    await using feishu = await open({ region: "feishu", appId: "cli_feishu" }, undefined, listeners);
    expect([(await lark.url()).replace("/lark", ""), new URL(await feishu.url()).pathname]).toEqual([(await feishu.url()).replace("/feishu", ""), "/feishu"]);
    expect((await feishu.post(envelope(messageEvent(), { app_id: "cli_feishu" }))).status).toBe(200);
    expect((await lark.post(envelope(messageEvent()))).status).toBe(200);
    expect([lark.messages.map(({ channel }) => channel), feishu.messages.map(({ channel }) => channel)]).toEqual([["lark"], ["feishu"]]);
  });

  it("survives whatever is posted (W-4)", async () => {
    await using subject = await open({ verificationToken: TOKEN });
    await subject.url();
    const bodies = fc.oneof(fc.string(), fc.json(), fc.jsonValue().map((event) => JSON.stringify(envelope(event))), fc.jsonValue().map((header) => JSON.stringify({ header, event: {} })));
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { status } = await subject.post(body);
        expect([200, 400, 403]).toContain(status);
      }),
      { seed: 60, numRuns: 150 },
    );
    expect(subject.channel.status().state).toBe("connected");
  });
});
