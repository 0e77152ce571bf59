import { describe, expect, it } from "vitest";
import { larkCaller, postJson, tokenOf } from "../../testing/lark-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import type { LarkControl } from "./api.ts";

const PATH = "/open-apis/auth/v3/tenant_access_token/internal";
const MINUTE_MS = 60_000;

async function issue({ url, credentials }: LarkControl, overrides: Readonly<Record<string, unknown>> = {}): Promise<{ status: number; json: Record<string, unknown> }> {
  return postJson(url + PATH, { app_id: credentials.appId, app_secret: credentials.appSecret, ...overrides });
}

async function bot({ url }: LarkControl, token: string): Promise<{ status: number; code: unknown }> {
  const response = await fetch(`${url}/open-apis/bot/v3/info`, { headers: token === "" ? {} : { authorization: token } });
  return { status: response.status, code: ((await response.json()) as { code: unknown }).code };
}

describe("tenant access tokens", () => {
  it("stay the same while half an hour is left, then there are two good ones", async () => {
    const clock = handClock();
    const { lark } = await openSandbox({ now: clock.now });
    const first = (await issue(lark)).json;
    expect(first).toMatchObject({ code: 0, msg: "ok", tenant_access_token: expect.stringMatching(/^t-/) as string, expire: 7_200 });
    clock.advance(90 * MINUTE_MS);
    expect((await issue(lark)).json).toMatchObject({ tenant_access_token: first["tenant_access_token"], expire: 1_800 });
    clock.advance(1);
    const second = (await issue(lark)).json;
    expect(second).toMatchObject({ expire: 7_200 });
    expect(second["tenant_access_token"]).not.toBe(first["tenant_access_token"]);
    for (const { tenant_access_token: token } of [first, second]) expect(await bot(lark, `Bearer ${String(token)}`)).toEqual({ status: 200, code: 0 });
    clock.advance(30 * MINUTE_MS - 1);
    expect(await bot(lark, `Bearer ${String(first["tenant_access_token"])}`)).toEqual({ status: 400, code: 99991663 });
    expect(await bot(lark, `Bearer ${String(second["tenant_access_token"])}`)).toMatchObject({ code: 0 });
  });

  it.each([
    [{ app_id: "cli_short" }, 10003],
    [{ app_secret: "" }, 10003],
    [{ app_id: "cli_0000000000000000" }, 99991543],
    [{ app_secret: "wrong" }, 10015],
  ])("are refused to %o with %i", async (overrides, code) => {
    const { lark } = await openSandbox();
    expect(await issue(lark, overrides)).toMatchObject({ status: 200, json: { code } });
    lark.behave({ tokenRefusalStatus: 400 });
    expect((await issue(lark, overrides)).status).toBe(400);
  });

  it("follow the credentials that are accepted now, and refusals on demand", async () => {
    const { lark } = await openSandbox();
    const { appSecret } = lark.credentials;
    lark.accept({ appSecret: "rotated" });
    expect((await issue(lark, { app_secret: appSecret })).json["code"]).toBe(10015);
    expect((await issue(lark)).json["code"]).toBe(0);
    lark.refuse(10014, 1, { path: PATH });
    expect((await issue(lark)).json["code"]).toBe(10014);
  });
});

describe("a call of the API", () => {
  it.each([
    ["", 99991661],
    ["Bearer ", 99991661],
    ["Bearer x-1", 99991671],
    ["Bearer u-1", 99991668],
    ["Bearer t-unknown", 99991663],
  ])("with the header %o is refused with %i", async (header, code) => {
    const { lark } = await openSandbox();
    expect(await bot(lark, header)).toEqual({ status: 400, code });
  });

  it("is refused when the tokens are bad before their time, in the way that is set", async () => {
    const { lark } = await openSandbox();
    const token = `Bearer ${await tokenOf(lark)}`;
    lark.revokeTokens();
    lark.behave({ badTokenStatus: 401, badTokenCode: 99991677 });
    expect(await bot(lark, token)).toEqual({ status: 401, code: 99991677 });
  });

  it("is refused on demand, and always carries its log id", async () => {
    const { lark } = await openSandbox();
    const authorization = `Bearer ${await tokenOf(lark)}`;
    const call = (): Promise<Response> => fetch(`${lark.url}/open-apis/bot/v3/info`, { headers: { authorization } });
    lark.refuse(99991672, 1, { msg: "Access denied: im:message" });
    const refused = await call();
    const body = (await refused.json()) as { error: { log_id: string } };
    expect(body).toMatchObject({ code: 99991672, msg: "Access denied: im:message" });
    expect(refused.headers.get("x-tt-logid")).toBe(body.error.log_id);
    expect((await call()).headers.get("x-tt-logid")).toMatch(/^[0-9A-F]{32}$/);
    expect((await fetch(`${lark.url}/elsewhere`)).status).toBe(404);
  });

  it("tells who the bot is, also in the ways that clients stumble over", async () => {
    const { lark } = await openSandbox({ lark: { botOpenId: "ou_b0", botName: "Robbie" } });
    const call = await larkCaller(lark);
    expect((await call("GET", "/bot/v3/info")).json).toMatchObject({ code: 0, bot: { app_name: "Robbie", open_id: "ou_b0", activate_status: 2 } });
    lark.behave({ botInfo: "under-data" });
    expect((await call("GET", "/bot/v3/info")).json).toMatchObject({ data: { bot: { open_id: "ou_b0" } } });
    lark.behave({ botInfo: "without-open-id" });
    expect((await call("GET", "/bot/v3/info")).json["bot"]).not.toHaveProperty("open_id");
  });

  it("knows nothing of the other region", async () => {
    const { lark, feishu } = await openSandbox();
    expect(await bot(feishu, `Bearer ${await tokenOf(lark)}`)).toMatchObject({ code: 99991663 });
    expect(feishu.credentials.appId).not.toBe(lark.credentials.appId);
  });
});
