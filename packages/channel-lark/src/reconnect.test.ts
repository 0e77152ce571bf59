import { AuthError, createContext, PlatformError, RateLimitError, TransientError } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createReconnecting, type Reconnecting } from "./reconnect.ts";

const clock = createManualClock();
const lost = new TransientError("lost");
const create = (random = 0.5): Reconnecting => createReconnecting(createContext("lark", { clock, random: () => random }));

describe("createReconnecting", () => {
  it("waits a random time up to the nonce, then the interval, as the platform asks for", () => {
    const reconnecting = create(0.25);
    reconnecting.configure({ reconnectCount: -1, reconnectNonceMs: 30_000, reconnectIntervalMs: 120_000 });
    expect([reconnecting.afterEnd(), reconnecting.afterError(lost), reconnecting.afterError(lost)]).toEqual([{ waitMs: 7_500 }, { waitMs: 120_000 }, { waitMs: 120_000 }]);
  });

  it("gives up after as many attempts as the platform asks for", () => {
    const reconnecting = create();
    reconnecting.configure({ reconnectCount: 2, reconnectIntervalMs: 1_000 });
    expect([reconnecting.afterEnd(), reconnecting.afterError(lost), reconnecting.afterError(lost)]).toEqual([{ waitMs: 0 }, { waitMs: 1_000 }, "fatal"]);
    const never = create();
    never.configure({ reconnectCount: 0 });
    expect(never.afterEnd()).toBe("fatal");
  });

  it("counts anew after each connection, and waits on its own behalf after one that did not last", async () => {
    const reconnecting = create();
    reconnecting.configure({ reconnectCount: 1, reconnectIntervalMs: 60_000 });
    const steps: unknown[] = [reconnecting.afterError(lost)];
    for (const livedMs of [10_000, 9_999, 0, 10_000]) {
      reconnecting.connected();
      await clock.advance(livedMs);
      steps.push(reconnecting.afterEnd());
    }
    expect(steps).toEqual([{ waitMs: 0 }, { waitMs: 0 }, { waitMs: 1_000 }, { waitMs: 2_000 }, { waitMs: 0 }]);
    expect(reconnecting.afterError(lost)).toBe("fatal");
  });

  it("never hammers, whatever the platform asks for, and never waits for hours", () => {
    const reconnecting = create();
    reconnecting.configure({ reconnectCount: -1, reconnectNonceMs: 0, reconnectIntervalMs: -5 });
    const waits = Array.from({ length: 8 }, () => reconnecting.afterEnd());
    expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000].map((waitMs) => ({ waitMs })));
    reconnecting.configure({ reconnectIntervalMs: 86_400_000 });
    expect(reconnecting.afterEnd()).toEqual({ waitMs: 600_000 });
  });

  it("keeps what the platform does not mention again", () => {
    const reconnecting = create();
    reconnecting.configure({ reconnectNonceMs: 20_000 });
    reconnecting.configure({ reconnectNonceMs: undefined, reconnectIntervalMs: 1_000 });
    expect(reconnecting.afterEnd()).toEqual({ waitMs: 10_000 });
  });

  it.each<[string, unknown, unknown]>([
    ["refused credentials", new AuthError("no"), "fatal"],
    ["a code that nobody knows", new PlatformError("odd", { platformCode: "77", platformMessage: "" }), "fatal"],
    ["too many connections", new PlatformError("full", { platformCode: "1000040350", platformMessage: "" }), { waitMs: 300_000, state: "failed" }],
    ["a rate limit", new RateLimitError("slow", { retryAfterMs: 7_000 }), { waitMs: 7_000 }],
    ["anything else", new TypeError("odd"), { waitMs: 0 }],
  ])("knows what comes after %s", (_title, error, step) => {
    expect(create().afterError(error)).toEqual(step);
  });
});
