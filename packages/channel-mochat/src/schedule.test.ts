import { describe, expect, it } from "vitest";
import { FIRST, isDraining, nextPoll, type Pacing, type PollOutcome } from "./schedule.ts";

const FAILED: PollOutcome = { kind: "failed" };
const TAKEN: PollOutcome = { kind: "taken", isDraining: false };
const DRAINING: PollOutcome = { kind: "taken", isDraining: true };

function delays(outcomes: readonly PollOutcome[], pacing: Partial<Pacing> = {}): number[] {
  let schedule = FIRST;
  return outcomes.map((outcome) => {
    const next = nextPoll(schedule, outcome, { intervalMs: 5_000, random: () => 0.5, ...pacing });
    schedule = next.schedule;
    return next.delayMs;
  });
}

describe("nextPoll", () => {
  it("waits the plain interval after a success, without jitter (MOCHAT-18)", () => {
    expect(delays([TAKEN, TAKEN], { random: () => 0.9 })).toEqual([5_000, 5_000]);
  });

  it("doubles the wait after failures up to 60 s, and one success ends that (MOCHAT-56)", () => {
    const outcomes = [...Array<PollOutcome>(7).fill(FAILED), TAKEN, FAILED];
    expect(delays(outcomes)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 5_000, 5_000]);
  });

  it.each([[0, 0.8], [0.999_999_999, 1.2]])("varies the wait after failures by 20 %: at random %d by %d (MOCHAT-56)", (random, factor) => {
    const outcomes = Array<PollOutcome>(6).fill(FAILED);
    const expected = [5_000, 10_000, 20_000, 40_000, 60_000, 60_000].map((ms) => Math.min(60_000, ms * factor));
    delays(outcomes, { random: () => random }).forEach((ms, index) => expect(ms).toBeCloseTo(expected[index]!, 0));
  });

  it("takes an interval below one second for one second after a failure", () => {
    expect(delays([FAILED, FAILED], { intervalMs: 100 })).toEqual([1_000, 2_000]);
  });

  it("never polls much more often after a failure than after a success", () => {
    expect(delays([FAILED], { intervalMs: 300_000 })).toEqual([240_000]);
    expect(delays([{ kind: "refused" }], { intervalMs: 300_000 })).toEqual([300_000]);
  });

  it.each([[0, 48_000], [0.5, 60_000], [0.999_999_999, 72_000]])("polls a bridge that refuses us about every 60 s: at random %d after %d ms (MOCHAT-57)", (random, expected) => {
    const [first, tenth] = delays(Array<PollOutcome>(10).fill({ kind: "refused" }), { random: () => random }).filter((_ms, index) => index % 9 === 0);
    expect(first).toBeCloseTo(expected, 0);
    expect(tenth).toBe(first);
  });

  it("waits as long as the bridge asks for, where that is longer than the backoff (MOCHAT-58)", () => {
    expect(delays([{ kind: "failed", retryAfterMs: 7_000 }, { kind: "failed", retryAfterMs: 7_000 }])).toEqual([7_000, 10_000]);
  });

  it("drains a backlog in at most 20 polls without a pause, then waits one interval (MOCHAT-61)", () => {
    const waits = delays(Array<PollOutcome>(42).fill(DRAINING));
    expect(waits.filter((ms) => ms !== 0)).toEqual([5_000, 5_000]);
    expect([waits.indexOf(5_000), waits.lastIndexOf(5_000)]).toEqual([20, 41]);
  });

  it("begins a new burst after a page that was not full", () => {
    const outcomes = [...Array<PollOutcome>(15).fill(DRAINING), TAKEN, ...Array<PollOutcome>(20).fill(DRAINING)];
    expect(delays(outcomes).filter((ms) => ms !== 0)).toEqual([5_000]);
  });
});

describe("isDraining", () => {
  const FULL = { count: 50, newCount: 1, hasMore: false, hasCursorMoved: true };

  it.each([
    ["50 messages, one of them new", FULL, true],
    ["49 messages", { ...FULL, count: 49 }, false],
    ["50 messages that are all known", { ...FULL, newCount: 0 }, false],
    ["a single message with a hint", { ...FULL, count: 1, hasMore: true }, true],
    ["a page after which the cursor stands where it was", { ...FULL, hasMore: true, hasCursorMoved: false }, false],
  ])("of %s (MOCHAT-61)", (_title, page, expected) => {
    expect(isDraining(page)).toBe(expected);
  });
});
