import { AuthError, ConfigError, NoReplyRouteError, PayloadTooLargeError, PlatformError, ProtocolError, RateLimitError, TransientError, UnknownOutcomeError } from "@revka/core";
import { describe, expect, it } from "vitest";
import { retryDelay } from "./retry-policy.ts";

const facts = { attempt: 1, idempotentSend: false, random: () => 0.5 };

describe("retryDelay", () => {
  it.each([
    ["with its hint", 5_000, 5_000],
    ["not at once", 0, 1_000],
    ["not longer than a minute", 3_600_000, 60_000],
  ])("waits after a rate limit: %s", (_title, retryAfterMs, delayMs) => {
    expect(retryDelay(new RateLimitError("slow down", { retryAfterMs }), facts)).toBe(delayMs);
  });

  it.each([
    [1, 1_000],
    [3, 2_000],
    [1_000, 60_000],
  ])("waits longer while the limit stays and no time is named, attempt %i", (attempt, delayMs) => {
    expect(retryDelay(new RateLimitError("slow down", { retryAfterMs: 0 }), { ...facts, attempt })).toBe(delayMs);
  });

  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [8, 60_000],
    [1_000, 60_000],
  ])("doubles the wait after a passing failure, attempt %i", (attempt, delayMs) => {
    expect(retryDelay(new TransientError("503"), { ...facts, attempt })).toBe(delayMs);
  });

  it("spreads the wait by 20 % either way", () => {
    const delayAt = (value: number): number | undefined => retryDelay(new TransientError("503"), { ...facts, random: () => value });
    expect(delayAt(0)).toBeCloseTo(400);
    expect(delayAt(0.999_999)).toBeCloseTo(600, 0);
  });

  it("asks every five minutes while the credentials are refused", () => {
    expect(retryDelay(new AuthError("401"), facts)).toBe(300_000);
  });

  it("repeats a send of unknown outcome only where the platform shows it once", () => {
    expect(retryDelay(new UnknownOutcomeError("lost"), facts)).toBeUndefined();
    expect(retryDelay(new UnknownOutcomeError("lost"), { ...facts, idempotentSend: true })).toBe(500);
  });

  it.each([
    new PlatformError("no", { platformCode: "1", platformMessage: "no" }),
    new PayloadTooLargeError("big", { limit: 1, actual: 2, unit: "bytes" }),
    new NoReplyRouteError("nowhere", { conversationId: "c" }),
    new ProtocolError("garbled", { excerpt: "" }),
    new ConfigError([]),
    new TypeError("a bug"),
    "thrown text",
  ])("never repeats after %s", (error) => {
    expect(retryDelay(error, facts)).toBeUndefined();
  });
});
