import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { createWebhookListeners, type OpenPath, type WebhookHandler, type WebhookListeners } from "./webhook-listener.ts";

const echo: WebhookHandler = ({ body }) => Promise.resolve({ status: 200, body: `${body.length} bytes` });
/** The interim answer to it shows that the body is waited for. */
const HEAD = "POST /lark HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
const JSON_TYPE = { "content-type": "application/json" };

function open(listeners: WebhookListeners, place: { channel?: string; port?: number; path?: string } = {}, handler: WebhookHandler = echo): Promise<OpenPath> {
  return listeners.open({ channel: "lark", host: "127.0.0.1", port: 0, path: "/lark", ...place }, handler);
}
function request(port: number, init: RequestInit & { path?: string; duplex?: "half" } = {}): Promise<Response> {
  const { path = "/lark", ...rest } = init;
  return fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers: JSON_TYPE, body: "{}", ...rest });
}

describe("createWebhookListeners", () => {
  it("answers what is posted to its path, whatever stands behind a question mark", async () => {
    await using place = await open(createWebhookListeners());
    const answer = await request(place.port, { path: "/lark?x=1" });
    expect([answer.status, await answer.text(), answer.headers.get("server"), answer.headers.get("x-powered-by")]).toEqual([200, "2 bytes", null, null]);
  });

  it.each<[string, RequestInit & { path?: string }, number]>([
    ["another path", { path: "/other" }, 404],
    ["a path below", { path: "/lark/x" }, 404],
    ["a GET", { method: "GET", body: null }, 405],
    ["a PUT", { method: "PUT" }, 405],
    ["a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
    ["no type", { headers: {}, body: new Uint8Array([1]) }, 415],
    ["too much at once", { body: "x".repeat(524_289) }, 413],
  ])("refuses %s with an empty body (W-4, W-5)", async (_title, init, status) => {
    await using place = await open(createWebhookListeners());
    const answer = await request(place.port, init);
    expect([answer.status, await answer.text()]).toEqual([status, ""]);
  });

  it("takes 512 KiB, and no byte more where the length was not announced (W-4)", async () => {
    await using place = await open(createWebhookListeners());
    const streamed = (length: number): Promise<Response> =>
      request(place.port, { body: new Blob(["x".repeat(length)]).stream(), duplex: "half" });
    expect(await (await streamed(524_288)).text()).toBe("524288 bytes");
    expect((await streamed(524_289)).status).toBe(413);
    expect((await request(place.port)).status).toBe(200);
  });

  it("takes the type with a charset, in any letter case", async () => {
    await using place = await open(createWebhookListeners());
    expect((await request(place.port, { headers: { "content-type": "Application/JSON; charset=utf-8" } })).status).toBe(200);
  });

  it("reads no more than 32 requests at once (W-4)", async () => {
    await using place = await open(createWebhookListeners());
    const sockets = Array.from({ length: 32 }, () => connect(place.port, "127.0.0.1"));
    sockets.forEach((socket) => socket.write(HEAD));
    await Promise.all(sockets.map((socket) => once(socket, "data")));
    expect((await request(place.port)).status).toBe(503);
    const [first] = sockets;
    first?.write("{}");
    if (first !== undefined) await once(first, "data");
    expect((await request(place.port)).status).toBe(200);
    sockets.forEach((socket) => socket.destroy());
  });

  it("minds nothing when a client leaves, before its body or before the answer", async () => {
    const called = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    await using place = await open(createWebhookListeners(), {}, async () => {
      called.resolve(undefined);
      await release.promise;
      return { status: 200 };
    });
    const early = connect(place.port, "127.0.0.1", () => void early.write(HEAD));
    await once(early, "data");
    early.destroy();
    const abort = new AbortController();
    const late = request(place.port, { signal: abort.signal }).catch(() => "gone");
    await called.promise;
    abort.abort();
    expect(await late).toBe("gone");
    release.resolve(undefined);
    expect((await request(place.port)).status).toBe(200);
  });

  it("lets two channels share a port, each with its path (GW-35, LARK-86)", async () => {
    const listeners = createWebhookListeners();
    const lark = await open(listeners);
    // Only the port of the configuration counts, so the second asks for the same.
    const feishu = await open(listeners, { channel: "feishu", path: "/feishu" }, () => Promise.resolve({ status: 200, body: "feishu" }));
    expect(feishu.port).toBe(lark.port);
    expect([await (await request(lark.port)).text(), await (await request(lark.port, { path: "/feishu" })).text()]).toEqual(["2 bytes", "feishu"]);
    await lark[Symbol.asyncDispose]();
    expect([(await request(feishu.port)).status, (await request(feishu.port, { path: "/feishu" })).status]).toEqual([404, 200]);
    await feishu[Symbol.asyncDispose]();
    await expect(request(feishu.port)).rejects.toThrow();
  });

  it("gives a path to one channel only", async () => {
    const listeners = createWebhookListeners();
    await using _first = await open(listeners);
    await expect(open(listeners, { channel: "feishu" })).rejects.toMatchObject({
      code: "config",
      problems: [{ path: "channels_config.feishu.path", found: '"/lark"', allowed: "a path that no other channel on this port has" }],
    });
  });

  it("says which port it cannot have, and takes it once it is free", async () => {
    const taken = await open(createWebhookListeners());
    const listeners = createWebhookListeners();
    await expect(open(listeners, { port: taken.port })).rejects.toMatchObject({ code: "transient", message: expect.stringContaining(`cannot listen on 127.0.0.1:${taken.port}`) as string });
    await taken[Symbol.asyncDispose]();
    await using free = await open(listeners, { port: taken.port });
    expect((await request(free.port)).status).toBe(200);
  });

  it("waits for an answer that is under way when it closes", async () => {
    const called = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    const place = await open(createWebhookListeners(), {}, async () => {
      called.resolve(undefined);
      await release.promise;
      return { status: 200, body: "late" };
    });
    const answer = request(place.port);
    await called.promise;
    const closed = place[Symbol.asyncDispose]();
    release.resolve(undefined);
    const late = await answer;
    // A connection that was kept would be waited for.
    expect([await late.text(), late.headers.get("connection")]).toEqual(["late", "close"]);
    await closed;
  });
});
