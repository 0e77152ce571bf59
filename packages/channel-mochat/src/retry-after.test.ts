import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

describe("parseRetryAfter", () => {
  it.each([
    ["seconds", "7", 7_000],
    ["a date", "Thu, 01 Jan 2026 12:00:09 GMT", 9_000],
    ["a date in the past as no wait", "Thu, 01 Jan 2026 11:59:00 GMT", 0],
    ["an absurd number as 300 s", "99999999999999999999", 300_000],
    ["an absurd date as 300 s", "Thu, 01 Jan 2099 12:00:00 GMT", 300_000],
    ["no header", null, undefined],
    ["an empty header", " ", undefined],
    ["words", "later", undefined],
  ])("reads %s (MOCHAT-58)", (_title, header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});
