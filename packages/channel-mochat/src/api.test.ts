import { createContext, isChannelError, type AnyChannelError } from "@revka/core";
import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMochatApi, type MochatApi } from "./api.ts";
import { reply, startBridge, type TestBridge } from "./bridge.test-support.ts";
import { withDefaults } from "./config.ts";

const TOKEN = "mochat-api-token";
const BODY = { toUserId: "u-7", msgType: "text", content: { text: "It ships today." } } as const;
const never = new AbortController().signal;
const bridges: TestBridge[] = [];

afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.close()));
});

async function bridgeOf(respond: (response: ServerResponse) => void): Promise<{ readonly bridge: TestBridge; readonly api: MochatApi }> {
  const bridge = await startBridge(respond);
  bridges.push(bridge);
  return { bridge, api: apiOf(bridge.url) };
}
function apiOf(apiUrl: string): MochatApi {
  return createMochatApi(withDefaults({ apiUrl, apiToken: TOKEN }), createContext("mochat"));
}
async function failureOf(work: Promise<unknown>): Promise<AnyChannelError> {
  const error: unknown = await work.then(() => undefined, (reason: unknown) => reason);
  if (!isChannelError(error)) throw new TypeError("a ChannelError was expected", { cause: error });
  return error;
}

describe("receive", () => {
  it("asks for messages with the bearer token and without since_id (MOCHAT-12, MOCHAT-18, MOCHAT-26)", async () => {
    const { bridge, api } = await bridgeOf((response) => reply(response, 200, { code: 0, data: [] }));
    await api.receive(undefined, never);
    expect(bridge.requests).toMatchObject([{ method: "GET", path: "/api/message/receive", headers: { authorization: `Bearer ${TOKEN}`, accept: "application/json" } }]);
  });

  it.each([
    ["m-1", "m-1"],
    ["a b&c=d", "a%20b%26c%3Dd"],
    ["msg/1+2", "msg%2F1%2B2"],
    ["消息7", "%E6%B6%88%E6%81%AF7"],
    ["%41", "%2541"],
    ["a#b?c", "a%23b%3Fc"],
    ["9007199254740993", "9007199254740993"],
  ])("encodes since_id %s as %s (MOCHAT-19, MOCHAT-53)", async (id, encoded) => {
    const { bridge, api } = await bridgeOf((response) => reply(response, 200, {}));
    await api.receive(id, never);
    expect(bridge.requests[0]?.path).toBe(`/api/message/receive?since_id=${encoded}`);
  });

  it("keeps a path prefix and strips slashes (MOCHAT-10, MOCHAT-66)", async () => {
    const { bridge } = await bridgeOf((response) => reply(response, 200, {}));
    await apiOf(`${bridge.url}/base///`).receive(undefined, never);
    expect(bridge.requests[0]?.path).toBe("/base/api/message/receive");
  });

  it.each([
    ["204", 204, ""],
    ["an empty body", 200, ""],
    ["a byte order mark", 200, '\uFEFF{"code":0}'],
  ])("takes %s for an empty page", async (_title, status, body) => {
    const { api } = await bridgeOf((response) => reply(response, status, body));
    await expect(api.receive(undefined, never)).resolves.toMatchObject({ messages: [] });
  });

  it.each([
    [500, "down", "transient", "Mochat: poll request failed (500 Internal Server Error): down"],
    [401, "no", "auth", "Mochat: poll request failed (401 Unauthorized): no"],
    [404, "no", "platform", "Mochat: poll request failed (404 Not Found): no"],
    [200, '{"code":500,"msg":"db down"}', "transient", 'Mochat: poll request failed (200 OK): {"code":500,"msg":"db down"}'],
    [200, '{"code":403}', "auth", 'Mochat: poll request failed (200 OK): {"code":403}'],
    [200, "<html>", "protocol", "Mochat: failed to parse response: not JSON: <html>"],
  ])("makes of %d %j an error of code %s (MOCHAT-37, MOCHAT-38, MOCHAT-59)", async (status, body, code, message) => {
    const { api } = await bridgeOf((response) => reply(response, status, body));
    expect(await failureOf(api.receive(undefined, never))).toMatchObject({ code, message });
  });

  it("passes Retry-After on (MOCHAT-58)", async () => {
    const { api } = await bridgeOf((response) => reply(response, 429, "", { "retry-after": "7" }));
    expect(await failureOf(api.receive(undefined, never))).toMatchObject({ code: "rate-limit", retryAfterMs: 7_000 });
  });

  it.each([
    ["a connection that breaks", (response: ServerResponse) => void response.destroy()],
    ["a body over 8 MiB", (response: ServerResponse) => reply(response, 200, "x".repeat(9 * 1024 * 1024))],
  ])("makes of %s a transport error (MOCHAT-39)", async (_title, respond) => {
    const { api } = await bridgeOf(respond);
    const error = await failureOf(api.receive(undefined, never));
    expect(error.code).toBe("transient");
    expect(error.message).toMatch(/^Mochat: poll request error: ./);
  });

  it("does not take its token to another origin", async () => {
    const other = await bridgeOf((response) => reply(response, 200, {}));
    const { api } = await bridgeOf((response) => reply(response, 302, "", { location: other.bridge.url }));
    expect(await failureOf(api.receive(undefined, never))).toMatchObject({ code: "platform", platformCode: "302" });
    expect(other.bridge.requests).toEqual([]);
  });

  it("lets the reason of an abort through (MOCHAT-55)", async () => {
    const controller = new AbortController();
    const { api } = await bridgeOf(() => controller.abort(new RangeError("stop")));
    await expect(api.receive(undefined, controller.signal)).rejects.toThrow("stop");
  });
});

describe("sendText", () => {
  it("posts exactly the documented body with the bearer token (MOCHAT-12, MOCHAT-21, MOCHAT-32)", async () => {
    const { bridge, api } = await bridgeOf((response) => reply(response, 200, { code: 0 }));
    await api.sendText(BODY);
    expect(bridge.requests).toMatchObject([
      {
        method: "POST", path: "/api/message/send", body: '{"toUserId":"u-7","msgType":"text","content":{"text":"It ships today."}}',
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      },
    ]);
    expect(bridge.requests[0]?.headers).not.toHaveProperty("idempotency-key");
  });

  it.each([["turn-1:0", "turn-1:0"], ["轮 1\r\nx: y", "%E8%BD%AE%201%0D%0Ax:%20y"], ["\ud800", "%EF%BF%BD"]])("sends the idempotency key %j as %s", async (idempotencyKey, expected) => {
    const { bridge, api } = await bridgeOf((response) => reply(response, 200, { code: 0 }));
    await api.sendText(BODY, { idempotencyKey });
    expect(bridge.requests[0]?.headers["idempotency-key"]).toBe(expected);
  });

  it.each([
    ['{"code":0,"msg":"ok","data":{"messageId":"m-2001"}}', ["m-2001"]],
    ['{"code":200,"data":{"id":7}}', ["7"]],
    ['{"code":"0"}', []],
    ['{"code":"200","message":"success"}', []],
  ])("takes %s for success (MOCHAT-22)", async (body, messageIds) => {
    const { api } = await bridgeOf((response) => reply(response, 200, body));
    await expect(api.sendText(BODY)).resolves.toEqual({ messageIds });
  });

  it.each([
    [200, '{"code":40001,"msg":"toUserId not found"}', "platform", "Mochat API error (code=40001): toUserId not found"],
    [200, '{"code":40001,"message":"toUserId not found"}', "platform", "Mochat API error (code=40001): toUserId not found"],
    [200, '{"code":40001}', "platform", "Mochat API error (code=40001): unknown error"],
    [200, "{}", "unknown-outcome", "Mochat API error (code=-1): unknown error"],
    [500, "down", "transient", "Mochat send message failed (500 Internal Server Error): down"],
    [401, "no", "auth", "Mochat send message failed (401 Unauthorized): no"],
    [429, "slow down", "rate-limit", "Mochat send message failed (429 Too Many Requests): slow down"],
  ])("makes of %d %s an error of code %s, and does not repeat it (MOCHAT-33, MOCHAT-34)", async (status, body, code, message) => {
    const { bridge, api } = await bridgeOf((response) => reply(response, status, body));
    expect(await failureOf(api.sendText(BODY))).toMatchObject({ code, message });
    expect(bridge.requests).toHaveLength(1);
  });

  it.each([
    ["breaks the connection", (response: ServerResponse) => void response.destroy()],
    ["answers with a web page", (response: ServerResponse) => reply(response, 200, "<html>")],
  ])("posts once and leaves the outcome open when the bridge reads the message and %s (MOCHAT-64)", async (_title, respond) => {
    const { bridge, api } = await bridgeOf(respond);
    expect(await failureOf(api.sendText(BODY))).toMatchObject({ code: "unknown-outcome" });
    expect(bridge.requests).toHaveLength(1);
  });
});

describe("checkHealth", () => {
  it.each([[200, true], [204, true], [301, false], [401, false], [503, false]])("of a bridge that answers %d says %s (MOCHAT-23, MOCHAT-41)", async (status, ok) => {
    const { bridge, api } = await bridgeOf((response) => reply(response, status));
    expect(await api.checkHealth()).toMatchObject({ ok, detail: expect.stringContaining(String(status)) as string });
    expect(bridge.requests).toMatchObject([{ method: "GET", path: "/api/health", headers: { authorization: `Bearer ${TOKEN}` } }]);
  });

  it("says why a bridge cannot be reached (MOCHAT-41)", async () => {
    const { bridge, api } = await bridgeOf((response) => reply(response, 200));
    await bridge.close();
    const report = await api.checkHealth();
    expect(report.ok).toBe(false);
    expect(report.detail).not.toBe("");
  });

  it("lets the reason of an abort through", async () => {
    const { api } = await bridgeOf((response) => reply(response, 200));
    await expect(api.checkHealth(AbortSignal.abort(new RangeError("stop")))).rejects.toThrow("stop");
  });
});

describe("every call", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["receive", 30_000, (api: MochatApi) => failureOf(api.receive(undefined, never)), { code: "transient" }],
    ["sendText", 15_000, (api: MochatApi) => failureOf(api.sendText(BODY)), { code: "unknown-outcome" }],
    ["checkHealth", 10_000, (api: MochatApi) => api.checkHealth(), { ok: false }],
  ])("has a time limit: %s gives up after %d ms (MOCHAT-42, MOCHAT-55)", async (_name, limitMs, call, expected) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const arrived = Promise.withResolvers<undefined>();
    const { api } = await bridgeOf(() => arrived.resolve(undefined));
    const states: string[] = [];
    const outcome = call(api).finally(() => states.push("over"));
    await arrived.promise;
    vi.advanceTimersByTime(limitMs - 1);
    await setImmediate();
    expect(states).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(await outcome).toMatchObject(expected);
  });
});

describe("errors", () => {
  it.each([[401, `bad token ${TOKEN}`], [200, `<p>${TOKEN}</p>`], [200, `{"code":1,"msg":"bad token ${TOKEN}"}`]])(
    "show no token, even where the bridge says it: %d %s (MOCHAT-67)",
    async (status, body) => {
      const { api } = await bridgeOf((response) => reply(response, status, body));
      const errors = [await failureOf(api.sendText(BODY)), await failureOf(api.receive(undefined, never))];
      expect(inspect(errors, { depth: 10 })).toContain("***");
      expect(inspect(errors, { depth: 10 })).not.toContain(TOKEN);
    },
  );
});
