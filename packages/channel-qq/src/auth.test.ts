import { describe, expect, it } from "vitest";
import { openBench, type Bench } from "./listening.test-support.ts";
import { PATHS } from "./platform.test-support.ts";
import { whileTimePasses } from "./talking.test-support.ts";

const HOUR_MS = 3_600_000;
const send = (bench: Bench): Promise<unknown> => bench.channel.send({ target: { conversationId: "USER1" }, text: "hi" });
const tokens = ({ platform }: Bench): number => platform.count(PATHS.token);

describe("createQqTokens", () => {
  it("asks with the App ID and the secret, once for any number of sends (QQ-16)", async () => {
    await using bench = await openBench();
    await Promise.all(Array.from({ length: 20 }, () => send(bench)));
    expect(bench.platform.bodies(PATHS.token)).toEqual([{ appId: "102000001", clientSecret: "qq-app-secret" }]);
  });

  it.each([
    ["a string", "7200", 7_200_000],
    ["a number", 3_600, HOUR_MS],
    ["more than there can be", 99_999_999, 7_200_000],
    ["nothing", undefined, 60_000],
    ["zero", 0, 60_000],
    ["a negative number", "-5", 60_000],
    ["a word", "abc", 60_000],
  ])("keeps a token until 30 s before its end, whose life is %s", async (_title, expires_in, lifeMs) => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.token, { body: { access_token: "access-token-a", expires_in } });
    await send(bench);
    await bench.clock.advance(lifeMs - 30_001);
    await send(bench);
    expect(tokens(bench)).toBe(1);
    await bench.clock.advance(1);
    await send(bench);
    await bench.platform.until(() => tokens(bench) === 2);
  });

  it.each([
    [60, 3],
    [30, 3],
    [5, 3],
  ])("makes no flood of requests where the platform gives the same token with %i s left", async (expires_in, most) => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.token, { body: { access_token: "access-token-a", expires_in } });
    for (let sends = 0; sends < 10; sends += 1) await send(bench);
    expect(tokens(bench)).toBeLessThanOrEqual(most);
  });

  it.each([
    [100016, "invalid appid or secret"],
    [100007, "appid invalid"],
    [10004, "bot does not exist"],
  ])("stops at code %i with one clear error, and leaves the platform alone for a minute", async (code, message) => {
    await using bench = await openBench();
    const refusal = { body: { code, message } };
    bench.platform.answer(PATHS.token, refusal, refusal);
    for (let sends = 0; sends < 5; sends += 1) {
      await expect(send(bench)).rejects.toMatchObject({ code: "auth", platformCode: String(code), message: expect.stringContaining(`QQ token request failed (200 OK): `) as string });
      await bench.clock.advance(10_000);
    }
    expect(tokens(bench)).toBe(1);
    await bench.clock.advance(60_000);
    await expect(send(bench)).rejects.toMatchObject({ code: "auth" });
    await bench.clock.advance(120_000);
    await send(bench);
    expect(tokens(bench)).toBe(3);
  });

  it("pauses for a minute after too many requests", async () => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.token, { body: { code: 100001, message: "Too many requests" } });
    await expect(send(bench)).rejects.toMatchObject({ code: "rate-limit", retryAfterMs: 60_000 });
    await bench.clock.advance(50_000);
    await expect(send(bench)).rejects.toMatchObject({ code: "rate-limit" });
    expect(tokens(bench)).toBe(1);
    await bench.clock.advance(10_000);
    await send(bench);
  });

  it.each([
    ["a server that is down", { status: 500, body: "x" }, "QQ token request failed (500 Internal Server Error): x"],
    ["a page of something in between", { body: "<html>hello</html>" }, "Missing access_token in QQ response"],
    ["an answer without a token", { body: {} }, "Missing access_token in QQ response"],
    ["a connection that breaks", { isReset: true }, "getAppAccessToken"],
  ])("asks four times for a send where there is %s (QQ-D08)", async (_title, answer, text) => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.token, answer, answer, answer, answer);
    await expect(whileTimePasses(bench, send(bench))).rejects.toMatchObject({ code: "transient", message: expect.stringContaining(text) as string });
    expect(tokens(bench)).toBe(4);
  });

  it.each([
    ["status 401", { status: 401, body: { message: "no" } }],
    ["code 11244", { status: 401, body: { code: 11244, message: "token not exist or expire" } }],
    ["code 11244 with status 200", { body: { code: 11244, message: "token not exist or expire" } }],
    ["code 11281", { status: 400, body: { err_code: 11281, code: 1 } }],
  ])("gets one new token when the platform refuses the old one with %s, and an AuthError after that", async (_title, refusal) => {
    await using bench = await openBench();
    bench.platform.answer(PATHS.toUser, refusal);
    await send(bench);
    expect(bench.platform.calls.map(({ headers }) => headers.authorization).filter((header) => header !== undefined)).toEqual(["QQBot access-token-1", "QQBot access-token-2"]);
    bench.platform.answer(PATHS.toUser, refusal, refusal);
    await expect(send(bench)).rejects.toMatchObject({ code: "auth" });
    expect(tokens(bench)).toBe(3);
  });
});
