import { describe, expect, it } from "vitest";
import { apiError, isStaleToken, unreadableError, type HttpAnswer } from "./errors.ts";

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { channel: "lark", action: "POST im/v1/messages", status, headers: new Headers(headers), body: text };
}

describe("apiError", () => {
  it.each<[string, number, unknown, object]>([
    ["a wrong secret", 200, { code: 10015, msg: "app secret invalid" }, { code: "auth", platformCode: "10015" }],
    ["a wrong id or secret", 400, { code: 99991543, msg: "" }, { code: "auth", platformCode: "99991543" }],
    ["an app that is disabled", 400, { code: 99991662, msg: "" }, { code: "auth", platformCode: "99991662" }],
    ["a stale token", 400, { code: 99991663, msg: "" }, { code: "auth", platformCode: "99991663" }],
    ["a status of 401", 401, "no", { code: "auth", platformCode: "401" }],
    ["too many calls", 400, { code: 99991400, msg: "request trigger frequency limit" }, { code: "rate-limit", retryAfterMs: 1_000 }],
    ["too many calls, in a new API", 429, "", { code: "rate-limit" }],
    ["too many messages to one chat", 400, { code: 230020, msg: "" }, { code: "rate-limit" }],
    ["the same by an older code", 400, { code: 11232, msg: "" }, { code: "rate-limit" }],
    ["an internal error", 400, { code: 2200, msg: "" }, { code: "transient" }],
    ["a message that is being sent", 400, { code: 230049, msg: "" }, { code: "transient" }],
    ["a platform that is down", 503, "<html>", { code: "transient", status: 503 }],
    ["a server in between that gave up", 504, "<html>", { code: "unknown-outcome" }],
    ["a bot outside the group", 400, { code: 230002, msg: "Bot not in group" }, { code: "platform", platformCode: "230002", platformMessage: "Bot not in group" }],
    ["a quota that is used up", 400, { code: 99991403, msg: "" }, { code: "platform", platformCode: "99991403" }],
    ["a path that is not there", 404, "404 page not found", { code: "platform", platformCode: "404", platformMessage: "404 page not found" }],
    ["a failure that calls itself success", 400, { code: 0, msg: "" }, { code: "platform", platformCode: "400" }],
  ])("knows %s", (_title, status, body, error) => {
    expect(apiError(answer(status, body))).toMatchObject({ channel: "lark", ...error });
  });

  it("waits as long as the platform asks for, within reason", () => {
    const limited = (reset: string): unknown => apiError(answer(429, { code: 99991400, msg: "" }, { "x-ogw-ratelimit-reset": reset }));
    expect(["3", "0.5", "100000", "soon", "-1"].map((reset) => (limited(reset) as { retryAfterMs: number }).retryAfterMs)).toEqual([3_000, 500, 300_000, 1_000, 1_000]);
  });

  it("names the platform's log id, wherever it stands", () => {
    const body = { code: 230001, msg: "bad", error: { log_id: "log-in-body" } };
    expect(apiError(answer(400, body, { "x-tt-logid": "log-in-header" }))).toMatchObject({ requestId: "log-in-header" });
    const error = apiError(answer(400, body));
    expect(error).toMatchObject({ requestId: "log-in-body" });
    expect(error.message).toBe("Lark: POST im/v1/messages failed (HTTP 400, code 230001, log id log-in-body): bad");
  });

  it("names the scopes that the app lacks", () => {
    const error = { permission_violations: [{ subject: "im:message" }, { subject: "im:message:send_as_bot" }] };
    expect(apiError(answer(400, { code: 99991672, msg: "Access denied", error })).message).toContain("the app needs one of the scopes im:message, im:message:send_as_bot");
  });
});

describe("isStaleToken", () => {
  it("is true where a fresh token may help (LARK-51, LARK-52)", () => {
    const isStale = (status: number, code: number): boolean => isStaleToken(apiError(answer(status, { code, msg: "" })));
    expect([99991661, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677, 234002].every((code) => isStale(400, code))).toBe(true);
    expect(isStale(401, 1)).toBe(true);
    expect([10015, 99991662, 230002, 99991400].some((code) => isStale(400, code))).toBe(false);
    expect(isStaleToken(new TypeError("x"))).toBe(false);
  });
});

describe("unreadableError", () => {
  it("leaves open what became of a call that changes something", () => {
    expect(unreadableError(answer(200, "<html>"), true)).toMatchObject({ code: "protocol", excerpt: "<html>" });
    expect(unreadableError(answer(200, "<html>"), false)).toMatchObject({ code: "unknown-outcome" });
  });
});
