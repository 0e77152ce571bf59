import { describe, expect, it } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { askToken, call, tokenOf } from "../../testing/qq-peer.ts";

describe("an access token", () => {
  it("stays the same until the last 60 seconds, in which the old one and the new one are good", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const first = (await askToken(sandbox)).json;
    expect(first).toEqual({ access_token: expect.any(String) as string, expires_in: "7200" });
    clock.advance(7_140_000);
    expect((await askToken(sandbox)).json).toEqual({ ...first, expires_in: "60" });
    clock.advance(1);
    const second = (await askToken(sandbox)).json;
    expect(second["access_token"]).not.toBe(first["access_token"]);
    expect(second["expires_in"]).toBe("7200");
    const statusOf = async (token: unknown): Promise<number> => (await call(`${sandbox.qq.url}/gateway`, undefined, { headers: { authorization: `QQBot ${String(token)}` } })).status;
    clock.advance(59_998);
    expect([await statusOf(first["access_token"]), await statusOf(second["access_token"])]).toEqual([200, 200]);
    clock.advance(1);
    expect([await statusOf(first["access_token"]), await statusOf(second["access_token"])]).toEqual([401, 200]);
  });

  it.each([60, 30, 5, 1])("is still the same one with %i s left when it is switched so", async (secondsLeft) => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    sandbox.qq.behave({ renewWithinMs: 0 });
    const token = await tokenOf(sandbox);
    clock.advance(7_200_000 - secondsLeft * 1_000);
    expect((await askToken(sandbox)).json).toEqual({ access_token: token, expires_in: String(secondsLeft) });
  });

  it.each<readonly [switches: Parameters<Awaited<ReturnType<typeof openSandbox>>["qq"]["behave"]>[0], fields: object]>([
    [{ expiresInAs: "number" }, { expires_in: 7200 }],
    [{ expiresInAs: "number", expiresIn: -1 }, { expires_in: -1 }],
    [{ expiresIn: "abc" }, { expires_in: "abc" }],
    [{ expiresInAs: "missing" }, {}],
    [{ tokenLifeMs: 90_000 }, { expires_in: "90" }],
  ])("tells its life as %o wants", async (switches, fields) => {
    const sandbox = await openSandbox();
    sandbox.qq.behave(switches);
    expect((await askToken(sandbox)).json).toEqual({ access_token: expect.any(String) as string, ...fields });
  });

  it.each([
    ["an unknown app", { appId: "other" }, 100007],
    ["a wrong secret", { clientSecret: "other" }, 100016],
    ["no secret", { clientSecret: undefined }, 100007],
  ])("is refused to %s, with status 200", async (_title, overrides, code) => {
    const sandbox = await openSandbox();
    expect(await askToken(sandbox, overrides)).toMatchObject({ status: 200, json: { code, message: expect.any(String) as string } });
  });

  it("is refused with any code that a test asks for, and given for a new secret", async () => {
    const sandbox = await openSandbox();
    sandbox.qq.refuse(100001, 2);
    expect((await askToken(sandbox)).json).toMatchObject({ code: 100001 });
    expect((await askToken(sandbox)).json).toMatchObject({ code: 100001 });
    sandbox.qq.acceptSecret("rotated");
    expect((await askToken(sandbox, { clientSecret: "qq-sandbox-secret" })).json).toMatchObject({ code: 100016 });
    expect((await askToken(sandbox)).json).toMatchObject({ expires_in: "7200" });
  });

  it.each([
    ["nothing", {}, 11244],
    ["an unknown token", { authorization: "QQBot tk-1" }, 11244],
    ["a token without its scheme", { authorization: "tk-1" }, 11244],
    ["the old scheme", { authorization: "Bot 102000001.tk-1" }, 11245],
  ])("must be shown: %s is answered with 401", async (_title, headers, code) => {
    const { qq } = await openSandbox();
    const { status, json } = await call(`${qq.url}/v2/users/USER_1/messages`, { content: "hi" }, { headers });
    expect({ status, json }).toEqual({ status: 401, json: { code, err_code: code, message: expect.any(String) as string, trace_id: expect.any(String) as string } });
  });

  it("is bad once revoked, and another one is given", async () => {
    const sandbox = await openSandbox();
    const token = await tokenOf(sandbox);
    sandbox.qq.revokeTokens();
    expect((await call(`${sandbox.qq.url}/users/@me`, undefined, { headers: { authorization: `QQBot ${token}` } })).status).toBe(401);
    const fresh = await tokenOf(sandbox);
    expect(fresh).not.toBe(token);
    expect((await call(`${sandbox.qq.url}/users/@me`, undefined, { headers: { authorization: `QQBot ${fresh}` } })).json).toMatchObject({ id: sandbox.qq.botId });
  });

  it("is given to a client that sends an empty Authorization along", async () => {
    const { qq } = await openSandbox();
    const answer = await call(`${qq.url}/app/getAppAccessToken`, { appId: qq.appId, clientSecret: qq.appSecret }, { headers: { authorization: "QQBot", "x-union-appid": qq.appId } });
    expect(answer.json).toHaveProperty("access_token");
  });
});
