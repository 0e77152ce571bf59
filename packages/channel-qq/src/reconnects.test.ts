import { AuthError, RateLimitError, TransientError } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { INVALID, RECONNECT, RESUME, verdictOf } from "./close-codes.ts";
import { createReconnects } from "./reconnects.ts";

function start(random = 0.5) {
  const clock = createManualClock();
  return { clock, reconnects: createReconnects({ clock, random: () => random }) };
}

describe("createReconnects", () => {
  it("waits longer and longer, until a session stands", () => {
    const { reconnects } = start();
    const waits = Array.from({ length: 8 }, () => reconnects.next(new TransientError("x")));
    expect(waits.map((step) => (typeof step === "object" ? step.waitMs : step))).toEqual([1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 60_000, 60_000]);
    reconnects.settled();
    expect(reconnects.next(new TypeError("x"))).toEqual({ waitMs: 1_000 });
  });

  it.each([[0, 800], [0.999_999, 1_200]])("spreads waits by a fifth: %d", (random, waitMs) => {
    expect(start(random).reconnects.next()).toEqual({ waitMs });
  });

  it.each([
    [RECONNECT, { waitMs: 0 }],
    [INVALID.keep, { waitMs: 3_000 }],
    [INVALID.drop, { waitMs: 3_000 }],
    [verdictOf(4008, false), { waitMs: 60_000 }],
    [verdictOf(4914, false), { waitMs: 1_800_000, state: "failed" }],
    [verdictOf(4014, false), "fatal"],
    [RESUME, { waitMs: 1_000 }],
  ])("does as %j says", (verdict, step) => {
    const { reconnects } = start();
    reconnects.judge(verdict);
    expect(reconnects.next()).toEqual(step);
    expect(reconnects.next()).toEqual({ waitMs: 2_000 });
  });

  it.each([
    ["refused credentials", new AuthError("no"), { waitMs: 60_000, state: "failed" }],
    ["too many requests", new RateLimitError("no", { retryAfterMs: 1_000 }), { waitMs: 60_000 }],
    ["no more sessions today", new RateLimitError("no", { retryAfterMs: 43_200_000 }), { waitMs: 43_200_000 }],
  ])("rests after %s", (_title, error, step) => {
    expect(start().reconnects.next(error)).toEqual(step);
  });

  it("pauses for a minute after three connections that broke within 5 s, in a row", async () => {
    const { clock, reconnects } = start();
    async function live(ms: number): Promise<unknown> {
      reconnects.opened();
      reconnects.settled();
      await clock.advance(ms);
      reconnects.judge(RESUME);
      return reconnects.next();
    }
    expect([await live(100), await live(100), await live(5_000)]).toEqual([{ waitMs: 1_000 }, { waitMs: 1_000 }, { waitMs: 1_000 }]);
    expect([await live(100), await live(4_999), await live(0), await live(0)]).toEqual([{ waitMs: 1_000 }, { waitMs: 1_000 }, { waitMs: 60_000 }, { waitMs: 1_000 }]);
  });
});
