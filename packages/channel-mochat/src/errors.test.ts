import { isChannelError, TransientError, type ChannelError } from "@revka/core";
import { describe, expect, it } from "vitest";
import {
  isCursorRefusal, pollError, pollTransportError, pollUnreadableError, sendCodeError, sendStatusError, sendUnreadableError, type HttpAnswer,
} from "./errors.ts";

function answer(statusLine: string, overrides: Partial<HttpAnswer> = {}): HttpAnswer {
  return { channel: "mochat", status: Number(statusLine.slice(0, 3)), statusLine, body: "no", ...overrides };
}
function seen({ code, message, channel }: ChannelError): Record<string, unknown> {
  return { code, message, channel };
}

describe("sendStatusError", () => {
  it.each([
    ["401 Unauthorized", "auth"],
    ["403 Forbidden", "auth"],
    ["400 Bad Request", "platform"],
    ["404 Not Found", "platform"],
    ["301 Moved Permanently", "platform"],
    ["408 Request Timeout", "transient"],
    ["429 Too Many Requests", "rate-limit"],
    ["500 Internal Server Error", "transient"],
    ["502 Bad Gateway", "transient"],
    ["503 Service Unavailable", "transient"],
    ["504 Gateway Timeout", "unknown-outcome"],
  ])("makes of %s an error of code %s (MOCHAT-33)", (statusLine, code) => {
    expect(seen(sendStatusError(answer(statusLine)))).toEqual({ code, message: `Mochat send message failed (${statusLine}): no`, channel: "mochat" });
  });

  it.each([
    ["429 Too Many Requests", 7_000, 7_000],
    ["429 Too Many Requests", undefined, 1_000],
    ["503 Service Unavailable", 7_000, 7_000],
  ])("passes on how long %s asks to wait: %j", (statusLine, retryAfterMs, expected) => {
    expect(sendStatusError(answer(statusLine, { retryAfterMs }))).toMatchObject({ code: "rate-limit", retryAfterMs: expected });
  });

  it("quotes at most 1 KiB of the body", () => {
    expect(sendStatusError(answer("500 Internal Server Error", { body: "x".repeat(2_000) })).message).toMatch(/: x{1024}…$/);
  });
});

describe("sendCodeError", () => {
  it.each([
    ["a code with a text", { code: "40001", problem: "toUserId not found" }, "platform", "Mochat API error (code=40001): toUserId not found"],
    ["a code without a text", { code: "40001" }, "platform", "Mochat API error (code=40001): unknown error"],
    ["no code at all", {}, "unknown-outcome", "Mochat API error (code=-1): unknown error"],
    ["a refused token", { code: "401", problem: "unauthorized" }, "auth", "Mochat API error (code=401): unauthorized"],
  ])("words %s (MOCHAT-34)", (_title, sent, code, message) => {
    expect(seen(sendCodeError(sent, answer("200 OK")))).toEqual({ code, message, channel: "mochat" });
  });
});

describe("sendUnreadableError", () => {
  it("leaves open whether the message arrived (MOCHAT-64)", () => {
    const error = sendUnreadableError("not JSON", answer("200 OK", { body: "<html>" }));
    expect(error).toMatchObject({ code: "unknown-outcome", cause: { code: "protocol", excerpt: "<html>" } });
    expect(error.message).toContain("may have arrived or not; check api_url");
  });
});

describe("pollError", () => {
  it.each([
    ["401 Unauthorized", false, "auth"],
    ["403 Forbidden", true, "auth"],
    ["404 Not Found", false, "platform"],
    ["404 Not Found", true, "transient"],
    ["302 Found", false, "platform"],
    ["400 Bad Request", true, "transient"],
    ["429 Too Many Requests", true, "rate-limit"],
    ["500 Internal Server Error", true, "transient"],
  ])("makes of %s (with a cursor: %s) an error of code %s (MOCHAT-38)", (statusLine, hasCursor, code) => {
    expect(seen(pollError(answer(statusLine), undefined, hasCursor))).toEqual({ code, message: `Mochat: poll request failed (${statusLine}): no`, channel: "mochat" });
  });

  it.each([["500", "transient"], ["401", "auth"], ["403", "auth"]])("makes of code %s in a body an error of code %s (MOCHAT-59)", (code, expected) => {
    expect(seen(pollError(answer("200 OK", { body: `{"code":${code}}` }), code, true))).toMatchObject({
      code: expected, message: `Mochat: poll request failed (200 OK): {"code":${code}}`,
    });
  });
});

describe("pollUnreadableError", () => {
  it("says what was found instead (MOCHAT-37)", () => {
    expect(pollUnreadableError("not JSON", answer("200 OK", { body: "<html>" }))).toMatchObject({
      code: "protocol", message: "Mochat: failed to parse response: not JSON: <html>", excerpt: "<html>",
    });
  });
});

describe("pollTransportError", () => {
  it("says what went wrong on the way (MOCHAT-39)", () => {
    const cause = new TransientError("connection refused", { channel: "mochat" });
    const error = pollTransportError(cause);
    expect(error).toMatchObject({ code: "transient", channel: "mochat", message: "Mochat: poll request error: connection refused" });
    expect(error.cause).toBe(cause);
  });
});

describe("isCursorRefusal", () => {
  it.each([["400 Bad Request", true], ["404 Not Found", true], ["410 Gone", true], ["500 Internal Server Error", false], ["401 Unauthorized", false]])("of %s with a cursor is %s", (statusLine, expected) => {
    const error = pollError(answer(statusLine), undefined, true);
    expect(isChannelError(error) && isCursorRefusal(error)).toBe(expected);
  });
});
