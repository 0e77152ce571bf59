import { describe, expect, it } from "vitest";
import { createTurnId } from "./turn-id.ts";

describe("createTurnId", () => {
  it("has 26 characters of Crockford's base 32", () => {
    expect(createTurnId(Date.UTC(2026, 0, 1))).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/u);
  });

  it.each([
    [0, "0000000000"],
    [1_469_918_176_385, "01ARYZ6S41"],
    [281_474_976_710_655, "7ZZZZZZZZZ"],
  ])("begins with the time %i", (now, prefix) => {
    expect(createTurnId(now).slice(0, 10)).toBe(prefix);
  });

  it("never repeats within a millisecond", () => {
    expect(new Set(Array.from({ length: 1_000 }, () => createTurnId(0))).size).toBe(1_000);
  });
});
