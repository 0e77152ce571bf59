import { describe, expect, it } from "vitest";
import { toEpochMs } from "./instant.ts";

describe("toEpochMs", () => {
  it.each([
    ["seconds", 1_790_000_000, 1_790_000_000_000],
    ["seconds with a fraction", 1_790_000_000.25, 1_790_000_000_250],
    ["the last number that is seconds", 99_999_999_999, 99_999_999_999_000],
    ["the first number that is milliseconds", 1e11, 1e11],
    ["digits in a string", "1790000000", 1_790_000_000_000],
    ["an ISO 8601 date", "2026-01-02T03:04:05Z", Date.UTC(2026, 0, 2, 3, 4, 5)],
  ])("reads %s", (_title, value, expected) => {
    expect(toEpochMs(value)).toBe(expected);
  });

  it.each([0, -1, NaN, Infinity, 1e300, "", "yesterday"])("takes %j for no instant", (value) => {
    expect(toEpochMs(value)).toBeUndefined();
  });
});
