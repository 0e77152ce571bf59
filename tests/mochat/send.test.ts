import { UnknownOutcomeError, type OutboundMessage } from "@revka/core";
import type { Fault, MochatBehaviour } from "@revka/sandbox";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openMochat } from "../support/mochat-house.ts";

/** The waits between the tries of a send that reaches nobody, in ms. */
const BACKOFF = [500, 1_000, 2_000] as const;

function to(user: string, text: string, more: Partial<OutboundMessage> = {}): OutboundMessage {
  return { target: { conversationId: user }, text, ...more };
}

describe("a text", () => {
  it("arrives as the one documented request, and its id comes back (MOCHAT-12, MOCHAT-21, MOCHAT-32)", async () => {
    const { sandbox, mochat, open } = await openMochat();
    expect(await open().send(to("u-7", "It ships today."))).toEqual({ messageIds: ["s-1"] });
    expect(sandbox.record.entries).toMatchObject([{
      method: "POST", path: "/api/message/send", query: "",
      headers: { authorization: `Bearer ${mochat.token}`, "content-type": "application/json" },
      body: { text: '{"toUserId":"u-7","msgType":"text","content":{"text":"It ships today."}}' },
    }]);
    expect(sandbox.record.entries[0]?.headers).not.toHaveProperty("idempotency-key");
    expect(mochat.sent).toMatchObject([{ userId: "u-7", text: "It ships today." }]);
  });

  it("answers the sender of a message, while the poller is at work (MOCHAT-31)", async () => {
    const { mochat, listen } = await openMochat();
    mochat.say("u-7", "where is my order?");
    const { channel, next } = listen();
    const { conversation } = await next();
    await channel.send(to(conversation.id, "On its way."));
    expect(mochat.transcript("u-7").map(({ from, text }) => `${from}: ${text}`)).toEqual(["user: where is my order?", "bot: On its way."]);
  });

  it("without a target goes to the notification target, or nowhere (MOCHAT-43)", async () => {
    const { mochat, open } = await openMochat();
    await open({ notificationTarget: "operator" }).send(to("", "disk full"));
    await expect(open().send(to("", "disk full"))).rejects.toMatchObject({ code: "no-route" });
    expect(mochat.sent).toMatchObject([{ userId: "operator" }]);
  });

  it.each(["", " \n"])("that is blank, %j, makes no request", async (text) => {
    const { sandbox, open } = await openMochat();
    await expect(open().send(to("u-1", text))).rejects.toBeInstanceOf(TypeError);
    expect(sandbox.record.entries).toEqual([]);
  });

  it.each([[0, 1], [1_000, 10]])("of 9,999 characters with maxMessageChars %i goes out as %i messages", async (maxMessageChars, count) => {
    const { mochat, open } = await openMochat();
    const text = "ten chars\n".repeat(1_000).trimEnd();
    await open({ maxMessageChars }).send(to("u-1", text));
    expect(mochat.sent).toHaveLength(count);
    expect(mochat.sent.map((sent) => sent.text).join("")).toBe(text);
  });
});

describe("an answer", () => {
  it.each([0, 200, "0", "200"])("with the code %j is a success (MOCHAT-22)", async (sendCode) => {
    const { mochat, open } = await openMochat();
    mochat.behave({ sendCode });
    expect(await open().send(to("u-1", "hello"))).toEqual({ messageIds: ["s-1"] });
  });

  it.each<[Partial<MochatBehaviour>, string, string]>([
    [{ sendCode: 40001 }, "platform", "Mochat API error (code=40001): send refused"],
    [{ sendCode: "busy", sendTextKey: "message" }, "platform", "Mochat API error (code=busy): send refused"],
    [{ sendCode: 7, sendTextKey: "none" }, "platform", "Mochat API error (code=7): unknown error"],
    [{ sendCode: 401 }, "auth", "Mochat API error (code=401): send refused"],
    [{ sendCode: null, sendTextKey: "none" }, "unknown-outcome", "Mochat API error (code=-1): unknown error"],
  ])("of a bridge with %j is an error of the code %s: %s (MOCHAT-34)", async (behaviour, code, message) => {
    const { sandbox, mochat, open } = await openMochat();
    mochat.behave(behaviour);
    await expect(open().send(to("u-1", "hello"))).rejects.toMatchObject({ code, message });
    expect(sandbox.record.entries).toHaveLength(1);
  });

  it.each([[401, "Unauthorized", "auth"], [403, "Forbidden", "auth"], [400, "Bad Request", "platform"], [500, "Internal Server Error", "transient"]])(
    "with the status %i is quoted (MOCHAT-33)", async (status, reason, code) => {
      const { sandbox, open, spoilSends } = await openMochat();
      spoilSends({ fault: { kind: "answer", status, body: "no" } });
      await expect(open().send(to("u-1", "hello"))).rejects.toMatchObject({ code, message: `Mochat send message failed (${status} ${reason}): no` });
      expect(sandbox.record.entries).toHaveLength(1);
    },
  );

  it.each<[string, Fault, number]>([
    ["that is a page of HTML", { kind: "answer", at: "after-work", body: "<html></html>" }, 1],
    ["that is truncated", { kind: "truncate" }, 1],
    ["that breaks off", { kind: "cut" }, 1],
    ["that is lost", { kind: "reset", at: "after-work" }, 1],
    ["that a gateway gave up waiting for", { kind: "answer", at: "after-work", status: 504 }, 1],
    ["to a request that was read and dropped", { kind: "reset", at: "before-work" }, 0],
    ["to a request that was dropped unread", { kind: "reset", at: "before-body" }, 0],
  ])("%s leaves the outcome open, and the message is not repeated (MOCHAT-64)", async (_title, fault, delivered) => {
    const { sandbox, mochat, clock, open, spoilSends } = await openMochat();
    spoilSends({ fault });
    await expect(open().send(to("u-1", "once at most"))).rejects.toBeInstanceOf(UnknownOutcomeError);
    await clock.advance(600_000);
    expect(sandbox.record.entries).toHaveLength(1);
    expect(mochat.sent).toHaveLength(delivered);
  });

  it("that does not come within 15 s leaves the outcome open (MOCHAT-55, MOCHAT-64)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { mochat, open, spoilSends } = await openMochat();
    const { struck } = spoilSends({ fault: { kind: "hang" } });
    const outcome = expect(open().send(to("u-1", "hello"))).rejects.toBeInstanceOf(UnknownOutcomeError);
    await struck;
    vi.advanceTimersByTime(15_000);
    await outcome;
    expect(mochat.sent).toEqual([]);
  });
});

describe("a bridge that takes nothing for now", () => {
  it("but is back in time gets the message once", async () => {
    const { sandbox, mochat, clock, open } = await openMochat();
    await sandbox.pause();
    const sent = open().send(to("u-1", "hello"));
    for (const waitMs of BACKOFF) {
      await clock.untilPending(1);
      if (waitMs === BACKOFF.at(-1)) await sandbox.resume();
      await clock.advance(waitMs);
    }
    await sent;
    expect(mochat.sent).toHaveLength(1);
  });

  it("and stays away is tried four times", async () => {
    const { sandbox, clock, open, logged } = await openMochat();
    await sandbox.pause();
    const outcome = expect(open().send(to("u-1", "hello"))).rejects.toMatchObject({ code: "transient" });
    for (const waitMs of BACKOFF) {
      await clock.untilPending(1);
      await clock.advance(waitMs);
    }
    await outcome;
    expect(logged("warn")).toHaveLength(3);
  });

  it.each([[429, "7", 7_000], [503, "30", 30_000]])("with %i and Retry-After %s gets one more try (MOCHAT-58)", async (status, retryAfter, waitMs) => {
    const { mochat, clock, open, spoilSends } = await openMochat();
    spoilSends({ fault: { kind: "answer", status, headers: { "retry-after": retryAfter } } });
    const sent = open().send(to("u-1", "hello"));
    await clock.untilPending(1);
    await clock.advance(waitMs - 1);
    expect(mochat.sent).toEqual([]);
    await clock.advance(1);
    await sent;
    expect(mochat.sent).toHaveLength(1);
  });

  it.each([["31", 31_000, 1], ["7", 7_000, 2]])("with Retry-After %s, always, tells the caller after the tries it gets (MOCHAT-58)", async (retryAfter, retryAfterMs, tries) => {
    const { sandbox, clock, open, spoilSends } = await openMochat();
    spoilSends({ times: "always", fault: { kind: "answer", status: 429, headers: { "retry-after": retryAfter } } });
    const outcome = expect(open().send(to("u-1", "hello"))).rejects.toMatchObject({ code: "rate-limit", retryAfterMs });
    if (tries === 2) {
      await clock.untilPending(1);
      await clock.advance(7_000);
    }
    await outcome;
    expect(sandbox.record.entries).toHaveLength(tries);
  });
});

describe("several messages", () => {
  it("to one user keep their order while the first is slow, and hold up nobody else", async () => {
    const { mochat, open, spoilSends } = await openMochat();
    const channel = open();
    const slow = spoilSends({ fault: { kind: "hang" } });
    const first = channel.send(to("u-1", "first"));
    await slow.struck;
    const second = channel.send(to("u-1", "second"));
    await channel.send(to("u-2", "other"));
    expect(mochat.sent.map(({ text }) => text)).toEqual(["other"]);
    slow.release();
    await Promise.all([first, second]);
    expect(mochat.sent.map(({ text }) => text)).toEqual(["other", "first", "second"]);
  });

  it("stop at the part that fails, and tell how many were delivered", async () => {
    const { mochat, open, spoilSends } = await openMochat();
    spoilSends({ skip: 1, fault: { kind: "answer", body: '{"code":40001,"msg":"no"}' } });
    await expect(open({ maxMessageChars: 16 }).send(to("u-1", "one two three four five six seven eight nine"))).rejects.toMatchObject({
      message: expect.stringContaining("(1 of 3 parts delivered)") as string,
      progress: { delivered: 1, total: 3 },
    });
    expect(mochat.sent).toHaveLength(1);
  });

  it.each([[true, 1], [false, 2]])("with one idempotency key show once where the bridge knows of such keys: %s", async (idempotency, shown) => {
    const { mochat, open, spoilSends } = await openMochat();
    mochat.behave({ idempotency });
    const channel = open({ idempotentSend: true });
    const message = to("u-1", "hello", { idempotencyKey: "turn-1:0" });
    spoilSends({ fault: { kind: "reset", at: "after-work" } });
    await expect(channel.send(message)).rejects.toBeInstanceOf(UnknownOutcomeError);
    await channel.send(message);
    expect(channel.capabilities.idempotentSend).toBe(true);
    expect(mochat.sent).toHaveLength(shown);
  });

  it("that are the parts of one have keys of their own, the same every time", async () => {
    const { mochat, open } = await openMochat();
    const channel = open({ idempotentSend: true, maxMessageChars: 16 });
    const message = to("u-1", "one two three four five six seven", { idempotencyKey: "turn-1:0" });
    const [first, again] = [await channel.send(message), await channel.send(message)];
    expect(again).toEqual(first);
    expect(mochat.sent.map(({ text }) => text).join("")).toBe(message.text);
    expect(new Set(mochat.sent.map(({ headers }) => headers["idempotency-key"])).size).toBe(mochat.sent.length);
  });
});
