import { describe, expect, it } from "vitest";
import { apiError, readOldAnswer, registrationError, type HttpAnswer } from "./errors.ts";

const answer = (status: number, body: unknown): HttpAnswer => ({
  channel: "dingtalk", status, statusLine: `${status} X`, body: typeof body === "string" ? body : JSON.stringify(body),
});
function failureOf(answered: HttpAnswer): unknown {
  try {
    return readOldAnswer("webhook reply", answered);
  } catch (error) {
    return error;
  }
}

describe("readOldAnswer", () => {
  it.each<[string, number, unknown, object]>([
    ["a session that is over", 200, { errcode: 300001, errmsg: "session 不存在" }, { code: "platform", platformCode: "300001" }],
    ["too many messages", 200, { errcode: 130101, errmsg: "send too fast, exceed 20 times per minute" }, { code: "rate-limit", retryAfterMs: 60_000 }],
    ["the same by another code", 200, { errcode: 410100, errmsg: "" }, { code: "rate-limit" }],
    ["too long a body", 200, { errcode: 460101, errmsg: "" }, { code: "too-large", limit: 20_000 }],
    ["the same by another code", 200, { errcode: "101002", errmsg: "" }, { code: "too-large" }],
    ["rejected content", 200, { errcode: 430102, errmsg: "unsafe text" }, { code: "platform", platformCode: "430102", platformMessage: "unsafe text" }],
    ["a busy platform", 200, { errcode: -1, errmsg: "system busy" }, { code: "transient" }],
    ["a token that is over", 200, { errcode: 40014, errmsg: "" }, { code: "auth", platformCode: "40014" }],
    ["no errcode", 200, { ok: true }, { code: "unknown-outcome" }],
    ["no JSON", 200, "<html>", { code: "unknown-outcome" }],
    ["nothing", 200, "", { code: "unknown-outcome", message: expect.stringContaining("nothing") as string }],
    ["refused credentials", 403, "", { code: "auth" }],
    ["a status for too many", 429, "", { code: "rate-limit" }],
    ["a server that is down", 500, "x", { code: "transient", status: 500 }],
    ["a server in between that gave up", 504, "x", { code: "unknown-outcome" }],
    ["a path that is not there", 404, "x", { code: "platform", platformCode: "404" }],
  ])("knows %s", (_title, status, body, error) => {
    expect(failureOf(answer(status, body))).toMatchObject(error);
  });

  it("gives a success that is written as text", () => {
    expect(readOldAnswer("upload", answer(200, { errcode: "0", errmsg: "ok", media_id: "@1" }))).toEqual({ errcode: 0, errmsg: "ok", mediaId: "@1" });
  });
});

describe("apiError", () => {
  it.each<[string, number, unknown, object]>([
    ["a stale token", 400, { code: "InvalidAuthentication", message: "不合法的access_token" }, { code: "auth", platformCode: "InvalidAuthentication" }],
    ["wrong credentials", 400, { code: "invalidClientIdOrSecret", message: "no" }, { code: "auth" }],
    ["a limit a second", 403, { code: "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", message: "no" }, { code: "rate-limit", retryAfterMs: 1_000 }],
    ["a limit a minute", 403, { code: "Forbidden.AccessDenied.QpmLimitForApi", message: "no" }, { code: "rate-limit" }],
    ["a busy platform", 429, { code: "system.busy", message: "no" }, { code: "rate-limit" }],
    ["a foreign address", 403, { code: "Forbidden.AccessDenied.IpNotInWhiteList", requestid: "r", message: "no" }, { code: "platform", requestId: "r" }],
    ["a page of a proxy", 502, "<html>", { code: "transient", status: 502 }],
  ])("knows %s", (_title, status, body, error) => {
    expect(apiError("call", answer(status, body))).toMatchObject(error);
  });
});

describe("registrationError", () => {
  it("says what the platform said, and which permissions the app lacks where it names them", () => {
    const body = { code: "authFailed", message: "鉴权失败", requestid: "r-1" };
    expect(registrationError(answer(401, body)).message).toBe(`DingTalk gateway registration failed (401 X): ${JSON.stringify(body)}`);
    const lacking = { ...body, accessdenieddetail: { requiredScopes: ["a", "b"] } };
    expect(registrationError(answer(401, lacking)).message).toMatch(/; the app needs a, b$/);
  });

  it.each<[string, number, unknown, object]>([
    ["refused credentials", 401, { requestid: "r-1", code: "authFailed", message: "鉴权失败" }, { code: "auth", platformCode: "authFailed" }],
    ["a robot that is not in Stream Mode", 400, { code: "unknown.error", message: "no" }, { code: "auth", platformCode: "unknown.error" }],
    ["too many calls", 403, { code: "Forbidden.AccessDenied.QpsLimitForApi", message: "no" }, { code: "transient" }],
    ["a punished address", 200, { status: 1111, wait: 5, source: "x5", punish: "deny", uuid: "u" }, { code: "rate-limit", retryAfterMs: 60_000 }],
    ["an answer without a ticket", 200, { endpoint: "wss://x" }, { code: "transient" }],
    ["a page of a proxy", 400, "<html>", { code: "transient" }],
  ])("knows %s", (_title, status, body, error) => {
    expect(registrationError(answer(status, body))).toMatchObject(error);
  });

  it("quotes no more of a page than is readable", () => {
    expect(registrationError(answer(400, "x".repeat(9_000))).message.length).toBeLessThan(700);
  });
});
