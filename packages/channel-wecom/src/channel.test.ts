import { createContext, type ChannelContext, type OutboundMessage } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createWecomChannel } from "./channel.ts";
import type { WecomConfig } from "./config.ts";
import { answerOf, startWebhookServer, type Answer } from "./webhook-server.test-support.ts";

const KEY = "0f1e2d3c-0000-4000-8000-5b4a39281706";
const to = (conversationId: string, text: string): OutboundMessage => ({ target: { conversationId }, text });

async function setUp(script: readonly Answer[] = [], config: Partial<WecomConfig> = {}) {
  const server = await startWebhookServer(script);
  const clock = createManualClock();
  const logger = recordingLogger();
  const context: ChannelContext = createContext("wecom", { clock, logger, random: () => 0.5 });
  const channel = createWecomChannel({ webhookKey: KEY, baseUrl: server.url, ...config }, context);
  const contents = (): unknown[] => server.bodies.map((body) => (JSON.parse(body) as { text: { content: string } }).text.content);
  return { server, clock, logger, channel, contents, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe("createWecomChannel", () => {
  it("is named after its instance and receives nothing (WECOM-16, WECOM-20)", async () => {
    await using world = await setUp();
    expect(world.channel).toMatchObject({ name: "wecom", displayName: "WeCom", probeIsVisible: true });
    expect(world.channel.capabilities).toMatchObject({ receive: "none", mediaIn: [], proactive: true, sendsPerMinute: 20 });
    expect(Object.keys(world.channel)).not.toContain("download");
  });

  it("works as a library with nothing but a key", () => {
    const channel = createWecomChannel({ webhookKey: KEY });
    expect(channel.name).toBe("wecom");
    expect(channel.status().state).toBe("idle");
  });
});

describe("listen", () => {
  it("delivers nothing, calls nobody and ends with the abort (WECOM-15, WECOM-16)", async () => {
    await using world = await setUp();
    const abort = new AbortController();
    let deliveries = 0;
    const listening = world.channel.listen(() => Promise.resolve((deliveries += 1) > 0 ? "accepted" : "duplicate"), abort.signal);
    await world.clock.advance(3_600_000);
    abort.abort();
    await listening;
    expect([deliveries, world.server.requests.length, world.clock.pending]).toEqual([0, 0, 0]);
    expect(world.channel.status().state).toBe("stopped");
  });
});

describe("send", () => {
  it("posts a text and takes errcode 0 for success (WECOM-13, WECOM-14)", async () => {
    await using world = await setUp();
    expect(await world.channel.send(to("", "hello"))).toEqual({ messageIds: [] });
    expect(world.server.bodies).toEqual(['{"msgtype":"text","text":{"content":"hello"}}']);
    expect(world.channel.status()).toMatchObject({ state: "connected", lastFrameAt: world.clock.now() });
  });

  it("posts the same whoever is addressed, and says so once at debug (WECOM-22)", async () => {
    await using world = await setUp();
    await world.channel.send(to("li.si", "one"));
    await world.channel.send(to("zhang.san", "two"));
    expect(world.contents()).toEqual(["one", "two"]);
    expect(world.server.requests[0]?.url).toBe(world.server.requests[1]?.url);
    const notes = world.logger.entries.filter(({ message }) => message === "WeCom: recipient ignored, the webhook key decides the chat");
    expect(notes).toMatchObject([{ level: "debug" }]);
  });

  it.each([[[]], [["*"]], [["li.si"]]])("is not blocked by allowed_users = %j (WECOM-10)", async (allowedUsers) => {
    await using world = await setUp([], { allowedUsers });
    await world.channel.send(to("zhang.san", "hello"));
    expect(world.contents()).toEqual(["hello"]);
  });

  it("sends the parts of a long text one after the other (WECOM-30, WECOM-31)", async () => {
    await using world = await setUp();
    const text = "你".repeat(1500);
    await world.channel.send(to("", text));
    expect(world.contents()).toEqual(world.channel.split(text));
    expect(world.contents()).toHaveLength(3);
    expect(world.contents().join("")).toBe(text);
  });

  it("stops at a part that fails and tells how many arrived (WECOM-31)", async () => {
    await using world = await setUp([answerOf("answer-ok.json"), answerOf("answer-too-long.json")]);
    const sending = world.channel.send(to("", "你".repeat(1500)));
    await expect(sending).rejects.toMatchObject({
      code: "platform",
      message: expect.stringMatching(/^WeCom API error \(errcode=40058\): .* \(1 of 3 parts delivered\)$/) as unknown,
      progress: { delivered: 1, total: 3 },
    });
    expect(world.server.requests).toHaveLength(2);
  });

  it.each(["", " \n\t"])("refuses %j before any request (WECOM-36)", async (text) => {
    await using world = await setUp();
    await expect(world.channel.send(to("", text))).rejects.toThrow(TypeError);
    expect(world.server.requests).toHaveLength(0);
  });

  it("uploads a file and posts it after the text (WECOM-39)", async () => {
    await using world = await setUp([answerOf("answer-ok.json"), answerOf("answer-uploaded.json")]);
    await world.channel.send({ ...to("", "the report"), media: { kind: "file", bytes: Buffer.from("hello, world"), name: "a.txt" } });
    expect(world.server.requests.map(({ url }) => url?.split("?")[0])).toEqual([
      "/cgi-bin/webhook/send",
      "/cgi-bin/webhook/upload_media",
      "/cgi-bin/webhook/send",
    ]);
    expect(world.server.bodies.at(-1)).toBe('{"msgtype":"file","file":{"media_id":"3a8asd892asd8asd"}}');
  });

  it("shows a refused key in its status until a message goes through", async () => {
    await using world = await setUp([answerOf("answer-key-invalid.json")]);
    await expect(world.channel.send(to("", "one"))).rejects.toMatchObject({ code: "auth", platformCode: "93000" });
    expect(world.channel.status()).toMatchObject({ state: "failed", lastError: expect.stringContaining("errcode=93000") as unknown });
    await world.channel.send(to("", "two"));
    expect(world.channel.status().state).toBe("connected");
  });

  it("shares one pace with the health check and the API (WECOM-32)", async () => {
    await using world = await setUp();
    for (let count = 0; count < 10; count += 1) {
      await world.channel.send(to("", "text"));
      await world.channel.api.post({ msgtype: "markdown", markdown: { content: "# text" } });
    }
    const checking = world.channel.checkHealth();
    await world.clock.untilPending(2);
    expect(world.server.requests).toHaveLength(20);
    await world.clock.advance(10_000);
    expect(await checking).toMatchObject({ ok: false });
    expect(world.server.requests).toHaveLength(20);
  });
});
