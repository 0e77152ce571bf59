import { describe, expect, it } from "vitest";
import { codeError, httpError, unreadableError } from "./errors.ts";

describe("httpError", () => {
  it("says status and body in the specified words (WECOM-23)", () => {
    const error = httpError({ status: 502, statusLine: "502 Bad Gateway", body: "upstream is down" }, "wecom");
    expect(error.message).toBe("WeCom webhook send failed (502 Bad Gateway): upstream is down");
  });

  it.each([
    [401, "auth"],
    [403, "auth"],
    [429, "rate-limit"],
    [408, "transient"],
    [500, "transient"],
    [503, "transient"],
    [504, "unknown-outcome"],
    [301, "platform"],
    [404, "platform"],
    [405, "platform"],
  ])("reads status %i as %s", (status, code) => {
    expect(httpError({ status, statusLine: String(status), body: "" }, "wecom")).toMatchObject({ code, channel: "wecom" });
  });

  it("keeps a long error page short", () => {
    const { message } = httpError({ status: 500, statusLine: "500 Internal Server Error", body: `<html>\n${"x".repeat(100_000)}` }, "wecom");
    expect(message.length).toBeLessThan(600);
    expect(message).not.toContain("\n");
  });
});

describe("codeError", () => {
  it("says errcode and errmsg in the specified words (WECOM-24)", () => {
    expect(codeError({ errcode: 93000, errmsg: "invalid webhook url" }, "wecom").message).toBe("WeCom API error (errcode=93000): invalid webhook url");
  });

  it("fills in what is absent (WECOM-24)", () => {
    expect(codeError({}, "wecom").message).toBe("WeCom API error (errcode=-1): unknown error");
    expect(codeError({ errcode: 44004 }, "wecom").message).toBe("WeCom API error (errcode=44004): unknown error");
  });

  it.each([
    ["transient", [-1, 6000, 45033]],
    ["rate-limit", [45009]],
    ["auth", [93000, 93004, 93008]],
    ["platform", [40004, 40005, 40006, 40007, 40008, 40009, 40033, 40035, 40058, 40063, 40123, 41006, 44001, 44004]],
    ["platform", [45001, 45002, 45007, 45008, 93001, 93006, 93017, 93018, 93019, 301016, 301017]],
    ["platform", [1, 123456]],
  ])("reads as %s the errcodes %j", (code, errcodes) => {
    for (const errcode of errcodes) expect(codeError({ errcode, errmsg: "x" }, "wecom")).toMatchObject({ code, channel: "wecom" });
  });

  it("hands the platform's own words on", () => {
    expect(codeError({ errcode: 40058, errmsg: "content exceed max length" }, "wecom")).toMatchObject({
      platformCode: "40058",
      platformMessage: "content exceed max length",
    });
  });

  it("tells the window of a rate limit", () => {
    expect(codeError({ errcode: 45009 }, "wecom")).toMatchObject({ retryAfterMs: 61_000 });
  });

  it("takes an answer without an errcode for no promise that nothing was delivered", () => {
    expect(codeError({}, "wecom").code).toBe("unknown-outcome");
  });
});

describe("unreadableError", () => {
  it.each([
    ["<html>welcome</html>", "It said: <html>welcome</html>"],
    ['{"errcode":0,"errm', 'It said: {"errcode":0,"errm'],
    [" \n", "It said: nothing"],
  ])("quotes %j and leaves open what happened", (body, quoted) => {
    const error = unreadableError(body, "wecom");
    expect(error.message).toContain(quoted);
    expect(error.code).toBe("unknown-outcome");
  });
});
