import { startSandbox, type MochatBehaviour, type MochatControl } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";

// The emulated bridge as a script with plain fetch meets it, written from the contract and not from any client.

interface Script {
  readonly mochat: MochatControl;
  /** The ids of one answer. */
  readonly poll: (sinceId?: string) => Promise<readonly string[]>;
  readonly get: (pathAndQuery: string) => Promise<Response>;
  /** Sends a text to a user; gives the answer's JSON. */
  readonly send: (text: string, headers?: Readonly<Record<string, string>>) => Promise<unknown>;
}

async function openScript(behaviour: Partial<MochatBehaviour> = {}): Promise<Script> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { mochat } = sandbox;
  mochat.behave(behaviour);
  const headers = { authorization: `Bearer ${mochat.token}` };
  const get = (pathAndQuery: string): Promise<Response> => fetch(mochat.url + pathAndQuery, { headers });
  return {
    mochat,
    get,
    poll: async (sinceId) => {
      const response = await get(`/api/message/receive${sinceId === undefined ? "" : `?since_id=${encodeURIComponent(sinceId)}`}`);
      const { data } = (await response.json()) as { readonly data: readonly { readonly messageId: string }[] };
      return data.map(({ messageId }) => messageId);
    },
    send: async (text, more = {}) => {
      const body = JSON.stringify({ toUserId: "u-1", msgType: "text", content: { text } });
      const response = await fetch(`${mochat.url}/api/message/send`, { method: "POST", headers: { ...headers, ...more }, body });
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
      return response.json();
    },
  };
}

describe("the emulated bridge", () => {
  it.each([1, 7, 100, 1_000])("gives 250 messages once each and in order to who follows since_id in pages of %i", async (pageSize) => {
    const { mochat, poll } = await openScript({ pageSize });
    const said = Array.from({ length: 250 }, (_, n) => mochat.say("u-1", `text ${n}`));
    const got: string[] = [];
    for (let page = await poll(); page.length > 0; page = await poll(got.at(-1))) got.push(...page);
    expect(got).toEqual(said);
  });

  it("gives what is said between two polls with the second", async () => {
    const { mochat, poll } = await openScript();
    expect(await poll()).toEqual([]);
    const first = mochat.say("u-1", "one");
    expect(await poll()).toEqual([first]);
    expect(await poll(first)).toEqual([]);
    const second = mochat.say("u-2", "two");
    expect(await poll(first)).toEqual([second]);
  });

  it("keeps only what it is to retain, and then gives a client that lagged behind everything it has", async () => {
    const { mochat, poll } = await openScript({ retention: 3 });
    const said = Array.from({ length: 5 }, (_, n) => mochat.say("u-1", `text ${n}`));
    expect(await poll(said[0])).toEqual(said.slice(2));
    expect(await poll(said[3])).toEqual(said.slice(4));
  });

  it("reads a plus in since_id as a space where it is not encoded, as every form does", async () => {
    const { mochat, get } = await openScript({ unknownSinceId: 404 });
    mochat.say("u-1", "hello", { messageId: "a b" });
    mochat.say("u-1", "hello", { messageId: "c+d" });
    expect((await get("/api/message/receive?since_id=a+b")).status).toBe(200);
    expect((await get("/api/message/receive?since_id=c+d")).status).toBe(404);
    expect((await get("/api/message/receive?since_id=c%2Bd")).status).toBe(200);
  });

  it("ignores queries that the contract does not name", async () => {
    const { mochat, get } = await openScript();
    mochat.say("u-1", "hello");
    expect(await (await get("/api/message/receive?limit=0&offset=7")).json()).toMatchObject({ data: [{ messageId: "m-1" }] });
  });

  it("finds the later one of two messages with the same id", async () => {
    const { mochat, poll } = await openScript({ ids: "duplicate" });
    for (let n = 1; n <= 4; n += 1) mochat.say("u-1", `text ${n}`);
    expect(await poll("m-1")).toEqual(["m-3", "m-3"]);
    expect(await poll("m-3")).toEqual([]);
  });

  it("stores every one of fifty sends that come at the same time, each under an id of its own", async () => {
    const { mochat, send } = await openScript();
    await Promise.all(Array.from({ length: 50 }, (_, n) => send(`text ${n}`)));
    expect(new Set(mochat.sent.map(({ messageId }) => messageId)).size).toBe(50);
  });

  it("stores one of ten sends with the same key that come at the same time, and answers all alike", async () => {
    const { mochat, send } = await openScript();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send("once", { "Idempotency-Key": "k-1" })));
    expect(mochat.sent).toHaveLength(1);
    expect(answers).toEqual(Array(10).fill({ code: 0, msg: "ok", data: { messageId: "s-1" } }));
  });

  it.each(["Basic abc", "Bearer", "Bearer  sandbox-mochat-token", "BEARER sandbox-mochat-token"])("asks whoever comes with %j for the token, on every endpoint (MOCHAT-12)", async (authorization) => {
    const { mochat } = await openScript();
    for (const [path, method] of [["message/receive", "GET"], ["message/send", "POST"], ["health", "GET"]] as const) {
      expect((await fetch(`${mochat.url}/api/${path}`, { method, headers: { authorization } })).status).toBe(401);
    }
  });

  it("does not hand a poll's fault to a send, nor to another platform", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { hits } = sandbox.faults.add({ platform: "mochat", path: "/api/message/receive", times: "always", fault: { kind: "reset" } });
    const health = await fetch(`${sandbox.mochat.url}/api/health`, { headers: { authorization: `Bearer ${sandbox.mochat.token}` } });
    const post = await fetch(`${sandbox.wecom.url}/cgi-bin/webhook/send?key=${sandbox.wecom.key}`, { method: "POST", body: '{"msgtype":"text","text":{"content":"x"}}' });
    expect([health.status, post.status, hits]).toEqual([200, 200, 0]);
  });
});
