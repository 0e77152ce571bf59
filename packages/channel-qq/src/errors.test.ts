import { describe, expect, it } from "vitest";
import { ACTIONS, failureOf, requireSuccess, tokenError, type QqAnswer } from "./errors.ts";

const answer = (status: number, body: unknown, traceId?: string): QqAnswer => ({
  channel: "qq", status, statusLine: `${status} X`, body: typeof body === "string" ? body : JSON.stringify(body), ...(traceId !== undefined && { traceId }),
});

describe("requireSuccess", () => {
  it.each<[string, number, unknown]>([
    ["a message", 200, { id: "out-1", timestamp: "x" }],
    ["a message whose code is zero", 200, { id: "out-1", code: 0 }],
    ["a message with a code besides", 200, { id: "out-1", code: 7 }],
    ["nothing", 204, ""],
    ["a message that waits for an audit", 202, { code: 304023, message: "push message is waiting for audit now", data: { message_audit: { audit_id: "a" } } }],
  ])("takes %s for success", (_title, status, body) => {
    expect(() => requireSuccess(ACTIONS.message, answer(status, body))).not.toThrow();
  });

  it("takes a code with status 200 for none", () => {
    expect(() => requireSuccess(ACTIONS.message, answer(200, { code: 40034006, message: "no" }))).toThrow('QQ send message failed (200 X): {"code":40034006,"message":"no"}');
  });
});

describe("failureOf", () => {
  it.each<[string, number, unknown, object]>([
    ["a token that is over", 401, { code: 11244, message: "" }, { code: "auth", platformCode: "11244" }],
    ["a static token", 401, { code: 11245, message: "" }, { code: "auth", platformCode: "11245" }],
    ["a bot that is banned", 400, { code: 11265, message: "" }, { code: "auth", platformCode: "11265" }],
    ["another bot's openid", 400, { message: "invalid request", code: 11255 }, { code: "platform", platformCode: "11255", platformMessage: "invalid request" }],
    ["two codes, of which the exact one counts", 400, { code: 1, err_code: 40034128 }, { code: "platform", platformCode: "40034128" }],
    ["too many messages", 400, { code: 22009, message: "msg limit exceed" }, { code: "rate-limit", retryAfterMs: 1_000 }],
    ["a status for too many", 429, "", { code: "rate-limit" }],
    ["a server that failed", 500, { code: 50055001 }, { code: "unknown-outcome" }],
    ["a server in between that gave up", 504, "<html>", { code: "unknown-outcome" }],
    ["a page with a status", 502, "<html>Bad Gateway</html>", { code: "unknown-outcome" }],
    ["a page that refuses", 403, "<html>WAF</html>", { code: "platform", platformCode: "403" }],
    ["a path that is not there", 404, "x", { code: "platform", platformCode: "404" }],
    ["a user who is muted", 400, { code: 40054002 }, { code: "platform", platformCode: "40054002" }],
    ["a code that nobody knows", 400, { code: 99, message: "" }, { code: "platform", platformCode: "99" }],
    ["a file that is too large", 400, { code: 850031 }, { code: "too-large", limit: 10_485_760 }],
  ])("knows %s", (_title, status, body, error) => {
    expect(failureOf(ACTIONS.message, answer(status, body))).toMatchObject(error);
  });

  it("takes a failed server for one that did nothing, where a call shows nothing to anybody", () => {
    expect(failureOf(ACTIONS.upload, answer(500, ""))).toMatchObject({ code: "transient", status: 500 });
  });

  it.each([
    ["gateway", "QQ gateway request failed (500 X): no"],
    ["message", "QQ send message failed (500 X): no"],
    ["mediaMessage", "QQ send media message failed (500 X): no"],
    ["upload", "QQ upload media failed (500 X): no"],
  ] as const)("says in known words what failed: %s (QQ-D08)", (action, text) => {
    expect(failureOf(ACTIONS[action], answer(500, "no")).message).toBe(text);
  });

  it("names the trace that the platform's support asks for, once", () => {
    expect(failureOf(ACTIONS.message, answer(400, { code: 1 }, "trace-9"))).toMatchObject({ requestId: "trace-9", message: expect.stringMatching(/\(trace trace-9\)$/) as string });
    expect(failureOf(ACTIONS.message, answer(400, { code: 1, trace_id: "trace-9" }, "trace-9")).message).not.toContain("(trace");
  });
});

describe("tokenError", () => {
  it.each<[string, number, unknown, object]>([
    ["a wrong secret", 200, { code: 100016, message: "invalid appid or secret" }, { code: "auth", platformCode: "100016" }],
    ["refused credentials", 401, "", { code: "auth", platformCode: "401" }],
    ["a code that nobody knows", 200, { code: 4242 }, { code: "auth", platformCode: "4242" }],
    ["too many requests", 200, { code: 100001 }, { code: "rate-limit", retryAfterMs: 60_000 }],
    ["a server that is down", 503, "x", { code: "transient", message: "QQ token request failed (503 X): x" }],
    ["no token", 200, { access_token: "" }, { code: "transient", message: "Missing access_token in QQ response" }],
  ])("knows %s (QQ-D08)", (_title, status, body, error) => {
    expect(tokenError(answer(status, body))).toMatchObject(error);
  });
});
