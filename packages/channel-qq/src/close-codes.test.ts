import { describe, expect, it } from "vitest";
import { verdictOf } from "./close-codes.ts";

describe("verdictOf", () => {
  it.each([
    [1000, "keep", "backoff"], [1001, "keep", "backoff"], [1005, "keep", "backoff"], [1006, "keep", "backoff"], [1009, "drop", "backoff"],
    [4000, "keep", "backoff"],
    [4001, "drop", "stop"], [4002, "drop", "stop"],
    [4003, "drop", "backoff"], [4004, "drop", "backoff"], [4005, "drop", "backoff"],
    [4006, "drop", "soon"], [4007, "drop", "soon"],
    [4008, "keep", "pause"],
    [4009, "keep", "backoff"],
    [4010, "drop", "stop"], [4011, "drop", "stop"], [4012, "drop", "stop"], [4013, "drop", "stop"], [4014, "drop", "stop"],
    [4900, "drop", "backoff"], [4913, "drop", "backoff"],
    [4914, "drop", "probe"], [4915, "drop", "probe"],
    [4999, "keep", "backoff"],
  ] as const)("of %i: the session is to %s, then %s (QQ-19)", (code, session, next) => {
    expect(verdictOf(code, false)).toMatchObject({ session, next });
  });

  it("drops the token that the gateway does not take, and no other", () => {
    expect([verdictOf(4004, false).token, verdictOf(4003, false).token]).toEqual(["drop", undefined]);
  });

  it("drops a session that the gateway refuses to go on with, but not one whose connection broke", () => {
    expect([4000, 4009, 4900, 1006, 4008].map((code) => verdictOf(code, true).session)).toEqual(["drop", "drop", "drop", "keep", "keep"]);
  });

  it.each([4001, 4002, 4010, 4011, 4012, 4013, 4014, 4914, 4915])("tells an operator what %i means", (code) => {
    expect(verdictOf(code, false).advice).toMatch(/\w/);
  });
});
