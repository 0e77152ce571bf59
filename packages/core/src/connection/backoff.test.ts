import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffDelay } from "./backoff.ts";

const almostOne = (): number => 1 - Number.EPSILON;

describe("backoffDelay", () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [6, 32_000],
    [7, 60_000],
    [5_000, 60_000],
    [0, 1_000],
  ])("doubles up to the maximum: attempt %i waits at most %i ms", (attempt, expected) => {
    expect(backoffDelay(attempt, { baseMs: 1_000, maxMs: 60_000 }, almostOne)).toBe(expected);
  });

  it.each<["full" | number | undefined, number, number]>([
    ["full", 0, 0],
    [undefined, 0.5, 2_000],
    [0.2, 0, 3_200],
    [0.2, 0.5, 4_000],
    [0.2, 0.75, 4_400],
    [0, 0.9, 4_000],
  ])("with jitter %s and chance %d waits %i ms at the third attempt", (jitter, chance, expected) => {
    expect(backoffDelay(3, { baseMs: 1_000, maxMs: 60_000, ...(jitter !== undefined && { jitter }) }, () => chance)).toBe(expected);
  });

  it("never leaves its bounds", () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const options = fc.record({ baseMs: fc.nat(100_000), maxMs: fc.nat(100_000), jitter: fc.constantFrom("full" as const, 0.2, 1) });
    fc.assert(
      fc.property(fc.nat(), options, chance, (attempt, bounds, random) => {
        const delay = backoffDelay(attempt, bounds, () => random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(bounds.maxMs);
      }),
    );
  });
});
