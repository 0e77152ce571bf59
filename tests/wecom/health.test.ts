import { recordingAccept } from "@revka/core/testing";
import type { Fault } from "@revka/sandbox";
import { describe, expect, it, vi } from "vitest";
import { openWecom } from "../support/wecom-house.ts";

const TEN_SECONDS = 10_000;

describe("checkHealth", () => {
  it("posts exactly one message, health_check, which the chat shows (WECOM-17, WECOM-26, WECOM-35)", async () => {
    const { channel, calls, texts } = await openWecom();
    expect(await channel.checkHealth()).toMatchObject({ ok: true });
    expect(calls()).toMatchObject([{ body: { text: '{"msgtype":"text","text":{"content":"health_check"}}' } }]);
    expect(texts()).toEqual(["health_check"]);
  });

  it.each<[string, Fault, string]>([
    ["an invalid key", { kind: "answer", body: '{"errcode":93000,"errmsg":"invalid webhook url"}' }, "WeCom API error (errcode=93000): invalid webhook url"],
    ["a rate limit", { kind: "answer", body: '{"errcode":45009,"errmsg":"api freq out of limit"}' }, "WeCom API error (errcode=45009): api freq out of limit"],
    ["a busy platform", { kind: "answer", body: '{"errcode":-1,"errmsg":"system busy"}' }, "WeCom API error (errcode=-1): system busy"],
    ["a broken gateway", { kind: "answer", status: 502, body: "no" }, "WeCom webhook send failed (502 Bad Gateway): no"],
    ["a page of HTML", { kind: "answer", body: "<html></html>" }, "no readable answer"],
    ["a lost answer", { kind: "reset", at: "after-work" }, "its answer is lost"],
  ])("is false after %s, though it may be a 200, and asks no second time (WECOM-35)", async (_title, fault, detail) => {
    const { channel, calls, clock, spoil } = await openWecom();
    spoil(fault, "always");
    expect(await channel.checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining(detail) as string });
    expect(calls()).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it("is false while nobody listens at the webhook", async () => {
    const { sandbox, channel } = await openWecom();
    await sandbox.pause();
    expect(await channel.checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining("was not sent") as string });
  });

  it("gives a webhook that hangs ten seconds, then hangs up (WECOM-29)", async () => {
    const { sandbox, channel, clock, spoil, texts } = await openWecom();
    const { struck } = spoil({ kind: "hang" });
    const report = channel.checkHealth();
    await struck;
    await clock.advance(TEN_SECONDS);
    expect(await report).toMatchObject({ ok: false, latencyMs: TEN_SECONDS });
    expect(await sandbox.record.next(() => true)).toMatchObject({ outcome: "dropped" });
    expect(texts()).toEqual([]);
  });

  it("counts the wait for its turn among the ten seconds, and then posts nothing (WECOM-29, WECOM-32)", async () => {
    const { channel, calls, clock, say } = await openWecom();
    await Promise.all(Array.from({ length: 20 }, () => say("hello")));
    const report = channel.checkHealth();
    await clock.advance(TEN_SECONDS);
    expect(await report).toMatchObject({ ok: false });
    expect(calls()).toHaveLength(20);
  });

  it("makes one post for all who ask at the same time", async () => {
    const { channel, texts } = await openWecom();
    const reports = await Promise.all([channel.checkHealth(), channel.checkHealth(), channel.checkHealth()]);
    expect(reports.every(({ ok }) => ok)).toBe(true);
    expect(texts()).toEqual(["health_check"]);
  });
});

describe("listen", () => {
  it("stays pending, makes no request, hands nothing over, and ends with the abort (WECOM-15, WECOM-16)", async () => {
    const { channel, calls, clock, logger, say } = await openWecom();
    const { accept, messages } = recordingAccept();
    const abort = new AbortController();
    const onEnd = vi.fn();
    const listening = channel.listen(accept, abort.signal).then(onEnd);
    await clock.advance(86_400_000);
    expect(calls()).toEqual([]);
    await say("while listening");
    expect(messages).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(onEnd).not.toHaveBeenCalled();
    abort.abort();
    await listening;
    expect(channel.status().state).toBe("stopped");
    expect(logger.entries).toContainEqual({ level: "info", fields: { channel: "wecom" }, message: "WeCom: channel ready (send-only via Bot Webhook)" });
  });
});
