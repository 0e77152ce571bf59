import { UnknownOutcomeError } from "@revka/core";
import type { Fault } from "@revka/sandbox";
import { describe, expect, it, vi, onTestFinished } from "vitest";
import { openWecom } from "../support/wecom-house.ts";

/** The waits between the tries of one call, in ms. */
const BACKOFF = [1_000, 2_000] as const;

describe("a webhook that says slow down", () => {
  it("is waited for twice, a minute each time, and gets the message once (WECOM-33)", async () => {
    const { wecom, clock, calls, say, texts } = await openWecom();
    wecom.refuse(45009, 2);
    const sent = say("patience");
    for (const tries of [1, 2]) {
      await clock.untilPending(1);
      await clock.advance(60_999);
      expect(calls()).toHaveLength(tries);
      await clock.advance(1);
    }
    await sent;
    expect(texts()).toEqual(["patience"]);
    expect(calls()).toHaveLength(3);
  });

  it("because another program has used up the minute, gets every message once when the minute is over (WECOM-33)", async () => {
    const { wecom, clock, say, texts } = await openWecom();
    const body = JSON.stringify({ msgtype: "text", text: { content: "from a script" } });
    for (let n = 0; n < 20; n += 1) await fetch(`${wecom.url}/cgi-bin/webhook/send?key=${wecom.key}`, { method: "POST", body });
    const first = say("one");
    await clock.untilPending(1);
    const second = say("two");
    await clock.advance(61_000);
    await Promise.all([first, second]);
    expect(texts().slice(20).sort()).toEqual(["one", "two"]);
  });

  it("a third time is told to the caller, with the wait that it asks for (WECOM-33)", async () => {
    const { wecom, clock, calls, refusalOf } = await openWecom();
    wecom.refuse(45009, 3);
    const error = refusalOf("patience");
    for (let n = 0; n < 2; n += 1) {
      await clock.untilPending(1);
      await clock.advance(61_000);
    }
    expect(await error).toMatchObject({ code: "rate-limit", retryAfterMs: 61_000 });
    expect(calls()).toHaveLength(3);
  });
});

describe("a webhook that is busy", () => {
  const BUSY: readonly (readonly [string, Fault, string])[] = [
    ["-1", { kind: "answer", body: '{"errcode":-1,"errmsg":"system busy"}' }, "WeCom API error (errcode=-1): system busy"],
    ["6000", { kind: "answer", body: '{"errcode":6000,"errmsg":"conflict"}' }, "WeCom API error (errcode=6000): conflict"],
    ["45033", { kind: "answer", body: '{"errcode":45033,"errmsg":"concurrent"}' }, "WeCom API error (errcode=45033): concurrent"],
    ["502", { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" }, "WeCom webhook send failed (502 Bad Gateway): <h1>Bad Gateway</h1>"],
    ["503", { kind: "answer", status: 503 }, "WeCom webhook send failed (503 Service Unavailable): "],
  ];

  it.each(BUSY)("with %s, once, gets the message once, a second later (WECOM-33)", async (_title, fault) => {
    const { clock, say, spoil, texts } = await openWecom();
    spoil(fault);
    const sent = say("hello");
    await clock.untilPending(1);
    await clock.advance(BACKOFF[0]);
    await sent;
    expect(texts()).toEqual(["hello"]);
  });

  it.each(BUSY)("with %s, always, is asked three times and then quoted (WECOM-23, WECOM-24, WECOM-33)", async (_title, fault, message) => {
    const { channel, clock, calls, refusalOf, spoil, texts } = await openWecom();
    spoil(fault, "always");
    const error = refusalOf("hello");
    for (const waitMs of BACKOFF) {
      await clock.untilPending(1);
      await clock.advance(waitMs);
    }
    expect(await error).toMatchObject({ code: "transient", message });
    expect(calls().map(({ at }) => at - (calls()[0]?.at ?? 0))).toEqual([0, 1_000, 3_000]);
    expect(texts()).toEqual([]);
    expect(channel.status().state).toBe("backoff");
  });
});

describe("a webhook that refuses", () => {
  it.each([93000, 93004, 93008])("the key with %i is asked once, and reported as failed until it takes the key again (WECOM-24, WECOM-33)", async (errcode) => {
    const { wecom, channel, calls, refusalOf, say } = await openWecom();
    wecom.refuse(errcode);
    expect(await refusalOf("hello")).toMatchObject({ code: "auth", platformCode: String(errcode) });
    expect(calls()).toHaveLength(1);
    expect(channel.status().state).toBe("failed");
    await say("hello again");
    expect(channel.status()).toMatchObject({ state: "connected" });
  });

  it("a key that it does not know is quoted word for word (WECOM-24)", async () => {
    const { wecom, refusalOf } = await openWecom();
    wecom.keys.remove(wecom.key);
    expect(await refusalOf("hello")).toMatchObject({ message: expect.stringMatching(/^WeCom API error \(errcode=93000\): invalid webhook url, hint: \[/) as string });
  });

  it.each([40004, 40005, 40006, 40007, 40008, 40009, 40033, 40035, 40058, 40063, 40123, 41006, 44001, 44004, 45001, 45002, 45007, 45008, 93001, 93006, 93017, 93018, 93019, 301016, 301017, 4711])(
    "the message with %i is asked once (WECOM-33)", async (errcode) => {
      const { wecom, calls, refusalOf } = await openWecom();
      wecom.refuse(errcode, 2);
      expect(await refusalOf("hello")).toMatchObject({ code: "platform", platformCode: String(errcode) });
      expect(calls()).toHaveLength(1);
    },
  );

  it("a text of 2049 bytes that was posted without splitting says so (WECOM-30)", async () => {
    const { channel } = await openWecom();
    const post = (bytes: number): Promise<void> => channel.api.post({ msgtype: "text", text: { content: "a".repeat(bytes) } });
    await post(2048);
    await expect(post(2049)).rejects.toMatchObject({ code: "platform", platformCode: "40058", message: expect.stringContaining("text.content exceed max length 2048") as string });
  });
});

describe("an answer that is lost or cannot be read", () => {
  it.each<[string, Fault, number]>([
    ["a reset before the request is read", { kind: "reset", at: "before-body" }, 0],
    ["a reset after it is read", { kind: "reset", at: "before-work" }, 0],
    ["a reset after the message is posted", { kind: "reset", at: "after-work" }, 1],
    ["an answer that breaks off", { kind: "cut" }, 1],
    ["an answer that is truncated JSON", { kind: "truncate" }, 1],
    ["a page of HTML", { kind: "answer", at: "after-work", body: "<html>hello</html>" }, 1],
    ["an empty answer", { kind: "answer", at: "after-work" }, 1],
    ["a gateway timeout", { kind: "answer", at: "after-work", status: 504 }, 1],
  ])("after %s leaves the outcome open, and the message is not repeated (WECOM-34)", async (_title, fault, posted) => {
    const { clock, calls, refusalOf, spoil, texts } = await openWecom();
    spoil(fault);
    expect(await refusalOf("once at most")).toBeInstanceOf(UnknownOutcomeError);
    await clock.advance(600_000);
    expect(calls()).toHaveLength(1);
    expect(texts()).toHaveLength(posted);
  });

  it("reads as -1 and unknown error where it holds no errcode, and is not repeated (WECOM-24, WECOM-34)", async () => {
    const { calls, refusalOf, spoil } = await openWecom();
    spoil({ kind: "answer", at: "after-work", body: "{}" });
    expect(await refusalOf("hello")).toMatchObject({ code: "unknown-outcome", message: "WeCom API error (errcode=-1): unknown error" });
    expect(calls()).toHaveLength(1);
  });

  it("is not repeated when it is far too large", async () => {
    const { calls, refusalOf, spoil, texts } = await openWecom();
    spoil({ kind: "pad", bytes: 2 * 1024 * 1024 });
    expect(await refusalOf("hello")).toMatchObject({ isChannelError: true });
    expect(texts()).toEqual(["hello"]);
    expect(calls()).toHaveLength(1);
  });

  it.each<[string, Fault]>([["gzipped", { kind: "gzip" }], ["behind a byte order mark", { kind: "bom" }]])("is none that comes %s (WECOM-14)", async (_title, fault) => {
    const { say, spoil, texts } = await openWecom();
    spoil(fault);
    await say("hello");
    expect(texts()).toEqual(["hello"]);
  });

  it("is given up after 15 seconds of silence, and the message is not repeated (WECOM-34)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { sandbox, calls, refusalOf, spoil } = await openWecom();
    const { struck } = spoil({ kind: "hang" });
    const error = refusalOf("hello");
    await struck;
    vi.advanceTimersByTime(15_000);
    expect(await error).toBeInstanceOf(UnknownOutcomeError);
    await sandbox.record.next(({ outcome }) => outcome === "dropped");
    expect(calls()).toHaveLength(1);
  });
});

describe("a webhook that cannot be reached", () => {
  it("gets the message once when it is back in time (WECOM-33)", async () => {
    const { sandbox, clock, say, texts } = await openWecom();
    await sandbox.pause();
    const sent = say("hello");
    await clock.untilPending(1);
    await sandbox.resume();
    await clock.advance(BACKOFF[0]);
    await sent;
    expect(texts()).toEqual(["hello"]);
  });

  it.each(["the webhook", "the proxy"])("because %s is gone, is tried three times (WECOM-33)", async (gone) => {
    const proxy = await openWecom();
    const { sandbox, channel, clock, calls, refusalOf, logger } = await openWecom(gone === "the proxy" ? { proxyUrl: new URL(proxy.sandbox.url) } : {});
    await (gone === "the proxy" ? proxy.sandbox : sandbox).pause();
    const error = refusalOf("hello");
    for (const waitMs of BACKOFF) {
      await clock.untilPending(1);
      await clock.advance(waitMs);
    }
    expect(await error).toMatchObject({ code: "transient", message: expect.stringContaining("was not sent") as string });
    expect(channel.status().state).toBe("backoff");
    expect(logger.entries.filter(({ level }) => level === "warn")).toHaveLength(2);
    expect(calls()).toEqual([]);
  });
});

describe("errors, logs and the status", () => {
  it.each<[string, Fault]>([
    ["a page that repeats the request", { kind: "answer", status: 403, body: "denied: /cgi-bin/webhook/send?key=KEY" }],
    ["an errmsg that repeats the key", { kind: "answer", body: '{"errcode":40058,"errmsg":"bad key KEY"}' }],
    ["a page that is no answer", { kind: "answer", body: "see https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY" }],
    ["a redirect", { kind: "answer", status: 302, headers: { location: "/cgi-bin/webhook/send?key=KEY" } }],
  ])("hold neither the key nor the query after %s (WECOM-28)", async (_title, fault) => {
    const { wecom, refusalOf, spoil } = await openWecom();
    const withKey = JSON.parse(JSON.stringify(fault).replaceAll("KEY", wecom.key)) as Fault;
    spoil(withKey);
    expect(await refusalOf("hello")).toMatchObject({ isChannelError: true });
  });
});
