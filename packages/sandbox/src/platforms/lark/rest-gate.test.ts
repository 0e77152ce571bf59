import { describe, expect, it } from "vitest";
import { openRest, type RestPeer } from "../../testing/lark-rest.ts";

const TEXT = { msg_type: "text", content: '{"text":"hello"}' };

async function times(count: number, code: () => Promise<number>): Promise<void> {
  for (let index = 0; index < count; index += 1) expect(await code()).toBe(0);
}

describe("rate limits", () => {
  it("allow five messages a second into one chat, of whatever kind, and as many into another", async () => {
    const { call, send, say, clock } = openRest();
    const question = say();
    const reply = async (): Promise<number> => (await call("POST", `/im/v1/messages/${question}/reply`, TEXT)).code;
    const toUser = async (): Promise<number> => (await call("POST", "/im/v1/messages?receive_id_type=open_id", { receive_id: "ou_ann", ...TEXT })).code;
    await times(2, async () => (await send("text", { text: "a" })).code);
    await times(3, reply);
    expect(await reply()).toBe(230020);
    await times(5, toUser);
    expect(await toUser()).toBe(230020);
    clock.advance(1_000);
    await times(1, reply);
  });

  it("allow 50 calls of one API a second, and say when to come again", async () => {
    const { call, say, sendText, behave, clock } = openRest();
    const get = (id: string): ReturnType<RestPeer["call"]> => call("GET", `/im/v1/messages/${id}`);
    for (let count = 0; count < 50; count += 1) expect((await get(say())).code).toBe(0);
    const { status, code, msg, headers } = await get(say());
    expect({ status, code, msg }).toEqual({ status: 429, code: 99991400, msg: "request trigger frequency limit" });
    expect([headers.get("x-ogw-ratelimit-limit"), headers.get("x-ogw-ratelimit-reset")]).toEqual(["50", "1"]);
    await sendText();
    behave({ rateLimitStatus: 400 });
    expect((await get(say())).status).toBe(400);
    clock.advance(1_000);
    expect((await get(say())).code).toBe(0);
  });

  it("allow 1,000 calls of one API a minute", async () => {
    const { call, say, behave, clock } = openRest();
    behave({ callsPerMinute: 3 });
    const id = say();
    const get = (): ReturnType<RestPeer["call"]> => call("GET", `/im/v1/messages/${id}`);
    await times(3, async () => (await get()).code);
    expect((await get()).headers.get("x-ogw-ratelimit-reset")).toBe("60");
    clock.advance(60_000);
    expect((await get()).code).toBe(0);
  });
});

describe("refusals that a test asks for", () => {
  it("hit the next calls, in order, and nothing happens then", async () => {
    const { send, state } = openRest();
    state.forced.add(230020, 2);
    state.forced.add(99991400);
    const code = async (): Promise<number> => (await send("text", { text: "a" })).code;
    expect([await code(), await code(), await code()]).toEqual([230020, 230020, 99991400]);
    expect(state.sent.entries).toEqual([]);
    expect(await code()).toBe(0);
  });

  it("wait for their method and path", async () => {
    const { call, send, say, state } = openRest();
    state.forced.add(231003, 1, { path: "/open-apis/im/v1/messages/*", method: "delete" });
    state.forced.add(230049, 1, { path: "/open-apis/im/v1/messages" });
    expect((await call("GET", `/im/v1/messages/${say()}`)).code).toBe(0);
    expect((await send("text", { text: "a" })).code).toBe(230049);
    expect((await call("DELETE", `/im/v1/messages/${say()}`)).code).toBe(231003);
  });

  it("come with the status, headers and words that were asked for", async () => {
    const { send, state } = openRest();
    state.forced.add(99991663, 1, { httpStatus: 401, headers: { "x-ogw-ratelimit-reset": "3" }, msg: "no", error: { permission_violations: [] } });
    const { status, code, msg, headers } = await send("text", { text: "a" });
    expect({ status, code, msg, reset: headers.get("x-ogw-ratelimit-reset") }).toEqual({ status: 401, code: 99991663, msg: "no", reset: "3" });
    expect(headers.get("x-tt-logid")).toMatch(/^\w{32}$/);
  });

  it("are usual for their code otherwise", async () => {
    const { send, state } = openRest();
    for (const [code, status] of [[99991400, 429], [234002, 401], [230020, 400]] as const) {
      state.forced.add(code);
      expect((await send("text", { text: "a" })).status).toBe(status);
    }
  });

  it("leave calls for tokens alone unless they name them", async () => {
    const { call, state } = openRest();
    state.forced.add(230020);
    const path = "/auth/v3/tenant_access_token/internal";
    expect((await call("POST", path, {}).catch(() => undefined))?.code).not.toBe(230020);
    state.forced.add(10014, 1, { path: `/open-apis${path}` });
    expect((await call("POST", path, {})).code).toBe(10014);
  });

  it("are at most 10,000", () => {
    const { state } = openRest();
    state.forced.add(230020, 10_000);
    expect(() => state.forced.add(230020)).toThrow(RangeError);
  });
});

describe("clearing", () => {
  it("forgets everything", async () => {
    const peer = openRest();
    await peer.sendText();
    peer.state.forced.add(230020);
    peer.state.clear();
    expect(peer.state.sent.entries).toEqual([]);
    expect((await peer.send("text", { text: "a" })).code).toBe(230002);
  });
});
