import { once } from "node:events";
import { request as openRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { createMochatPeer, textTo } from "../testing/mochat-peer.ts";
import { openSandbox } from "../testing/open-sandbox.ts";
import { postMessage } from "../testing/wecom-peer.ts";

async function call(url: string, method = "GET", body?: unknown): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }) });
  return { status: response.status, json: await response.json() };
}

/** Status of a control request with headers that `fetch` does not let through. */
async function statusWith(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  const outgoing = openRequest(`${url}/control/reset`, { method: "POST", headers });
  outgoing.end();
  const [response] = (await once(outgoing, "response")) as [{ statusCode?: number; resume: () => void }];
  response.resume();
  return response.statusCode;
}

describe("the control API", () => {
  it("tells what is here", async () => {
    const { url, mochat } = await openSandbox();
    const { json } = await call(`${url}/control/`);
    expect(json).toMatchObject({
      name: "revka sandbox",
      url,
      platforms: [
        { name: "dingtalk", settings: { section: "dingtalk" } },
        { name: "feishu", settings: { section: "feishu" } },
        { name: "lark", settings: { section: "lark" } },
        { name: "mochat", url: mochat.url, settings: { section: "mochat", values: { api_url: mochat.url } } },
        { name: "qq", settings: { section: "qq" } },
        { name: "wecom", settings: { section: "wecom" } },
      ],
    });
    for (const route of ["GET /control/record", "POST /control/mochat/say", "POST /control/wecom/behave"]) {
      expect(JSON.stringify(json)).toContain(`"${route}"`);
    }
  });

  it("lets a user say something and waits for the reply", async () => {
    const sandbox = await openSandbox();
    const said = await call(`${sandbox.url}/control/mochat/say`, "POST", { user: "u-1", text: "hello", overrides: { sender: 7 } });
    expect(said.json).toEqual({ messageId: "m-1" });
    const peer = createMochatPeer(sandbox);
    expect((await peer.poll()).text).toContain('"sender":7');
    const waiting = call(`${sandbox.url}/control/mochat/replies?user=u-1&wait_ms=60000`);
    await peer.send(textTo("u-2", "not for you"));
    await peer.send(textTo("u-1", "hi"));
    expect((await waiting).json).toMatchObject({ replies: [{ seq: 2, user: "u-1", text: "hi" }], cursor: 2 });
  });

  it("answers a wait that is over with what there is", async () => {
    const sandbox = await openSandbox();
    await createMochatPeer(sandbox).send(textTo("u-1", "hi"));
    expect((await call(`${sandbox.url}/control/mochat/replies?after=1&wait_ms=1`)).json).toEqual({ replies: [], cursor: 1 });
    expect((await call(`${sandbox.url}/control/mochat/replies`)).json).toMatchObject({ replies: [{ seq: 1 }], cursor: 1 });
  });

  it("puts raw elements into Mochat, rotates its token and shows a transcript", async () => {
    const sandbox = await openSandbox();
    expect((await call(`${sandbox.url}/control/mochat/inject`, "POST", "{")).status).toBe(400);
    await call(`${sandbox.url}/control/mochat/inject`, "POST", '{"id":9007199254740993}');
    await call(`${sandbox.url}/control/mochat/token`, "POST", { token: "next" });
    expect((await createMochatPeer(sandbox, "next").poll()).text).toContain('"data":[{"id":9007199254740993}]');
    sandbox.mochat.say("u-1", "hello");
    expect((await call(`${sandbox.url}/control/mochat/transcript?user=u-1`)).json).toMatchObject({ lines: [{ from: "user", text: "hello" }] });
  });

  it("gives the messages of a WeCom key, manages keys and refuses on demand", async () => {
    const sandbox = await openSandbox();
    const text = { msgtype: "text", text: { content: "hello" } };
    await call(`${sandbox.url}/control/wecom/keys`, "POST", { key: "k-2", state: "active" });
    await postMessage(sandbox, text, "k-2");
    expect((await call(`${sandbox.url}/control/wecom/messages?key=k-2&wait_ms=60000`)).json).toMatchObject({ messages: [{ key: "k-2", text: "hello" }], cursor: 1 });
    expect((await call(`${sandbox.url}/control/wecom/messages?key=other`)).json).toEqual({ messages: [], cursor: 0 });
    await call(`${sandbox.url}/control/wecom/keys`, "POST", { key: "k-2", state: "disabled" });
    expect((await postMessage(sandbox, text, "k-2")).errcode).toBe(93004);
    await call(`${sandbox.url}/control/wecom/keys`, "POST", { key: "k-2", state: "removed" });
    expect((await postMessage(sandbox, text, "k-2")).errcode).toBe(93000);
    await call(`${sandbox.url}/control/wecom/refuse`, "POST", { errcode: -1 });
    expect((await postMessage(sandbox, text)).errcode).toBe(-1);
  });

  it("sets switches and answers with all of them", async () => {
    const { url } = await openSandbox();
    expect((await call(`${url}/control/mochat/behave`, "POST", { pageSize: 7 })).json).toMatchObject({ pageSize: 7, shape: "R1" });
    expect((await call(`${url}/control/wecom/behave`, "POST", { textLimitBytes: 5120 })).json).toEqual({ textLimitBytes: 5120, messagesPerMinute: 20 });
  });

  it("adds, lists, releases and clears faults", async () => {
    const { url, faults } = await openSandbox();
    const rule = { platform: "mochat", times: "always", fault: { kind: "delay", ms: 5 } };
    expect(await call(`${url}/control/faults`, "POST", rule)).toEqual({ status: 201, json: { id: 1 } });
    expect((await call(`${url}/control/faults`)).json).toEqual({ faults: [{ ...rule, id: 1, hits: 0 }] });
    expect((await call(`${url}/control/faults/1`, "DELETE")).status).toBe(200);
    expect((await call(`${url}/control/faults/1`, "DELETE")).status).toBe(404);
    await call(`${url}/control/faults`, "POST", rule);
    await call(`${url}/control/faults`, "DELETE");
    expect(faults.rules).toEqual([]);
  });

  it("gives the record, also of one platform only", async () => {
    const sandbox = await openSandbox();
    await createMochatPeer(sandbox).poll();
    await postMessage(sandbox, "no json");
    const { json } = await call(`${sandbox.url}/control/record?platform=wecom&after=1`);
    expect(json).toMatchObject({ entries: [{ seq: 2, body: { text: "no json" } }], cursor: 2 });
  });

  it.each<readonly [title: string, request: string, body: unknown, problem: string]>([
    ["a body that is no JSON", "POST /mochat/say", "{", "the body is not JSON"],
    ["missing keys", "POST /mochat/say", {}, "user:"],
    ["an unknown key", "POST /mochat/say", { user: "u", text: "t", txet: "t" }, "txet:"],
    ["an unknown switch", "POST /mochat/behave", { shpae: "R1" }, "shpae:"],
    ["a switch out of range", "POST /mochat/behave", { pageSize: 0 }, "pageSize:"],
    ["an unknown fault", "POST /faults", { fault: { kind: "explode" } }, "fault.kind:"],
    ["a fault with a wrong stage", "POST /faults", { fault: { kind: "reset", at: "later" } }, "fault.at:"],
    ["a number that is none", "GET /record?after=x", undefined, "after: must be a whole number"],
    ["a wait that is too long", "GET /mochat/replies?wait_ms=60001", undefined, "wait_ms: must be at most 60000"],
    ["a fault id that is none", "DELETE /faults/first", undefined, "id: must be a whole number"],
  ])("refuses %s and says where", async (_title, ...[request, body, problem]) => {
    const { url } = await openSandbox();
    const [method, path = ""] = request.split(" ");
    const { status, json } = await call(`${url}/control${path}`, method, body);
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain(`"${problem}`);
  });

  it("answers 409 when no more faults fit and 404 to an unknown path", async () => {
    const { url, faults } = await openSandbox();
    for (let count = 0; count < 1_000; count += 1) faults.add({ fault: { kind: "cut" } });
    expect((await call(`${url}/control/faults`, "POST", { fault: { kind: "cut" } })).status).toBe(409);
    expect((await call(`${url}/control/nowhere`)).status).toBe(404);
  });

  it("refuses foreign host names and pages of foreign origins", async () => {
    const { url } = await openSandbox();
    expect(await statusWith(url, { host: "evil.example" })).toBe(403);
    expect(await statusWith(url, { origin: "https://evil.example" })).toBe(403);
    expect(await statusWith(url, { host: "localhost:1", origin: "http://localhost:5173" })).toBe(200);
  });
});
