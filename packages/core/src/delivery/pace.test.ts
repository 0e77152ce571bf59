import { describe, expect, it } from "vitest";
import { RateLimitError } from "../contract/errors.ts";
import { createPace, type Pace } from "./pace.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";

function setUp(overrides: { count?: number; maxWaiting?: number } = {}): { clock: ManualClock; pace: Pace; starts: string[]; go: (name: string, signal?: AbortSignal) => Promise<void> } {
  const clock = createManualClock();
  const pace = createPace({ count: 2, windowMs: 1_000, maxWaiting: 10, clock, ...overrides });
  const starts: string[] = [];
  const go = (name: string, signal?: AbortSignal): Promise<void> => pace.wait(signal).then(() => void starts.push(`${name} at ${clock.monotonic()}`));
  return { clock, pace, starts, go };
}

describe("createPace", () => {
  it("starts no more than the count within any window, in order", async () => {
    const { clock, starts, go } = setUp();
    const all = ["a", "b", "c", "d", "e"].map((name) => go(name));
    await clock.advance(5_000);
    await Promise.all(all);
    expect(starts).toEqual(["a at 0", "b at 0", "c at 1000", "d at 1000", "e at 2000"]);
    expect(clock.pending).toBe(0);
  });

  it("slides: a start counts until its own window is over", async () => {
    const { clock, starts, go } = setUp();
    await go("a");
    await clock.advance(700);
    await go("b");
    const rest = [go("c"), go("d")];
    await clock.advance(1_000);
    await Promise.all(rest);
    expect(starts).toEqual(["a at 0", "b at 700", "c at 1000", "d at 1700"]);
  });

  it("needs one sleeper however many wait", async () => {
    const { clock, go } = setUp();
    const all = ["a", "b", "c", "d", "e"].map((name) => go(name));
    await clock.advance(0);
    expect(clock.pending).toBe(1);
    await clock.advance(2_000);
    await Promise.all(all);
  });

  it("starts nobody during a pause", async () => {
    const { clock, pace, starts, go } = setUp();
    pace.pause(3_000);
    pace.pause(1_000);
    const waiting = go("a");
    await clock.advance(2_999);
    expect(starts).toEqual([]);
    await clock.advance(1);
    await waiting;
    expect(starts).toEqual(["a at 3000"]);
  });

  it("prolongs the wait of those who wait already when it pauses", async () => {
    const { clock, pace, starts, go } = setUp({ count: 1 });
    const all = [go("a"), go("b")];
    await clock.advance(500);
    pace.pause(2_000);
    await clock.advance(2_000);
    await Promise.all(all);
    expect(starts).toEqual(["a at 0", "b at 2500"]);
  });

  it("refuses whom it has no room for, and says when to come again", async () => {
    const { clock, go } = setUp({ count: 1, maxWaiting: 1 });
    const all = [go("a"), go("b")];
    await clock.advance(400);
    const refusal = await go("c").catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RateLimitError);
    expect(refusal).toMatchObject({ retryAfterMs: 600 });
    await clock.advance(600);
    await Promise.all(all);
  });

  it.each([
    ["the first who waits", "b", ["a at 0", "c at 1000", "d at 2000"]],
    ["one in the middle", "c", ["a at 0", "b at 1000", "d at 2000"]],
    ["the last", "d", ["a at 0", "b at 1000", "c at 2000"]],
  ])("forgets %s when he aborts, and counts no start for him", async (_title, who, expected) => {
    const { clock, starts, go } = setUp({ count: 1 });
    const stop = new AbortController();
    const all = Promise.allSettled(["a", "b", "c", "d"].map((name) => go(name, name === who ? stop.signal : undefined)));
    await clock.advance(100);
    stop.abort(new RangeError("not needed"));
    await clock.advance(5_000);
    const outcomes = await all;
    expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([{ status: "rejected", reason: stop.signal.reason as unknown }]);
    expect(starts).toEqual(expected);
    expect(clock.pending).toBe(0);
  });

  it("leaves no sleeper behind when everybody aborts", async () => {
    const { clock, go } = setUp({ count: 1 });
    const stop = new AbortController();
    await go("a");
    const all = Promise.allSettled([go("b", stop.signal), go("c", stop.signal)]);
    await clock.advance(100);
    stop.abort();
    await all;
    expect(clock.pending).toBe(0);
    await clock.advance(900);
    await expect(go("d")).resolves.toBeUndefined();
  });

  it("does not start whom is aborted beforehand", async () => {
    const { starts, go } = setUp();
    await expect(go("a", AbortSignal.abort(new RangeError("too late")))).rejects.toThrow("too late");
    expect(starts).toEqual([]);
  });

  it("refuses a rate of nothing", () => {
    expect(() => createPace({ count: 0, windowMs: 1, maxWaiting: 1, clock: createManualClock() })).toThrow(RangeError);
  });
});
