import { createContext, replyTo, type InboundMessage } from "@revka/core";
import { recordingLogger } from "@revka/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { reply, startBridge, type TestBridge } from "./bridge.test-support.ts";
import { createMochatChannel } from "./channel.ts";
import type { MochatConfig } from "./config.ts";

const CONFIG: MochatConfig = { apiUrl: "https://mochat.example.com", apiToken: "mochat-api-token" };
const bridges: TestBridge[] = [];

afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
});

describe("createMochatChannel", () => {
  it("says what it can do", () => {
    const channel = createMochatChannel(CONFIG);
    expect(channel).toMatchObject({
      name: "mochat",
      displayName: "Mochat",
      capabilities: {
        receive: "poll", text: { limit: 1_000_000, unit: "chars" }, markdown: false, mediaIn: [], mediaOut: [], proactive: true, idempotentSend: false,
      },
    });
    expect(channel.status()).toMatchObject({ state: "idle", reconnects: 0 });
  });

  it("takes its name from its instance and its limits from its configuration", () => {
    const channel = createMochatChannel({ ...CONFIG, maxMessageChars: 16, idempotentSend: true }, createContext("mochat-2"));
    expect(channel).toMatchObject({ name: "mochat-2", capabilities: { text: { limit: 16 }, idempotentSend: true } });
    expect(channel.split("one two three four five")).toHaveLength(2);
  });

  it("has no method for what Mochat cannot do", () => {
    const channel = createMochatChannel(CONFIG);
    expect(["download", "openDraft", "startTyping", "react"].filter((method) => method in channel)).toEqual([]);
  });

  it("refuses a configuration it cannot work with", () => {
    expect(() => createMochatChannel({ ...CONFIG, apiUrl: "mochat.example.com" })).toThrow(TypeError);
    expect(() => createMochatChannel({ ...CONFIG, pollIntervalMs: 0 })).toThrow(RangeError);
  });

  it("answers a message over the wire, and logs no secret (MOCHAT-01, MOCHAT-67)", async () => {
    const bridge = await startBridge((response, { method }) => {
      if (method === "POST") reply(response, 200, { code: 0, data: { messageId: "m-2001" } });
      else reply(response, 200, { code: 0, data: [{ messageId: "m-1001", fromUserId: "u-7", content: { text: " where is my order? " } }] });
    });
    bridges.push(bridge);
    const logger = recordingLogger();
    const channel = createMochatChannel({ ...CONFIG, apiUrl: bridge.url, allowedUsers: ["*"] }, createContext("mochat", { logger }));
    const stop = new AbortController();
    const received = Promise.withResolvers<InboundMessage>();
    const listening = channel.listen((message) => {
      received.resolve(message);
      return Promise.resolve("accepted");
    }, stop.signal);
    const message = await received.promise;
    expect(message).toMatchObject({ id: "m-1001", channel: "mochat", parts: [{ kind: "text", text: "where is my order?" }] });
    await expect(channel.send({ target: replyTo(message), text: "It ships today." })).resolves.toEqual({ messageIds: ["m-2001"] });
    expect(channel.status()).toMatchObject({ state: "connected", lastFrameAt: expect.any(Number) as number, lastInboundAt: expect.any(Number) as number });
    stop.abort();
    await listening;
    expect(channel.status().state).toBe("stopped");
    expect(bridge.requests.at(-1)?.body).toBe('{"toUserId":"u-7","msgType":"text","content":{"text":"It ships today."}}');
    expect(logger.text()).not.toContain(CONFIG.apiToken);
  });
});
