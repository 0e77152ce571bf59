import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createContext } from "../contract/context.ts";
import { startHttpServer, type Answering, type HttpServer } from "../fixtures/http-server.ts";
import { listen } from "../fixtures/listen.ts";
import { createHttp, type Http, type HttpOptions } from "./http.ts";

const CONTEXT = createContext("test");

/** An Http against a server of its own. */
async function start(answer: Answering, options: Partial<HttpOptions> = {}): Promise<AsyncDisposable & { server: HttpServer; http: Http }> {
  const server = await startHttpServer(answer);
  const http = createHttp(CONTEXT, { baseUrl: server.url, ...options });
  return { server, http, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe("createHttp", () => {
  it("sends JSON below the base URL's own path, with our headers and an encoded query", async () => {
    await using world = await start((_request, response) => response.end());
    const http = createHttp(CONTEXT, { baseUrl: `${world.server.url}/base/`, headers: { authorization: "Bearer a", "x-b": "1" } });
    await http.post("api/x", { json: { text: "你好" }, query: { q: "a b&c", none: undefined }, headers: { "x-b": "2" } });
    const [request] = world.server.seen;
    expect(request).toMatchObject({ method: "POST", url: "/base/api/x?q=a%20b%26c", body: '{"text":"你好"}' });
    expect(request?.headers).toMatchObject({
      "content-type": "application/json",
      "content-length": "17",
      "accept-encoding": "identity",
      authorization: "Bearer a",
      "x-b": "2",
      host: `127.0.0.1:${world.server.port}`,
    });
    expect(request?.headers["user-agent"]).toMatch(/^revka\/\d+\.\d+\.\d+$/);
  });

  it("sends bytes as they are and a form as multipart", async () => {
    await using world = await start((_request, response) => response.end());
    const form = new FormData();
    form.set("image", new Blob(["abc"]), "a.png");
    await world.http.request("PUT", "bytes", { body: new Uint8Array([104, 105]) });
    await world.http.post("form", { body: form });
    expect(world.server.seen[0]).toMatchObject({ method: "PUT", body: "hi" });
    expect(world.server.seen[1]?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(world.server.seen[1]?.body).toContain('name="image"; filename="a.png"');
  });

  it.each([
    [200, "OK", "200 OK"],
    [401, "", "401 Unauthorized"],
    [403, "Go Away", "403 Go Away"],
    [500, "", "500 Internal Server Error"],
    [299, "", "299"],
  ])("gives status %i (%s) as a reply, never as an exception", async (status, reason, statusLine) => {
    const raw = `HTTP/1.1 ${status} ${reason}\r\nX-Request-Id: r1\r\nContent-Length: 3\r\n\r\nwhy`;
    await using server = await listen(createServer((socket) => socket.once("data", () => socket.end(raw))));
    const reply = await createHttp(CONTEXT, { baseUrl: `http://127.0.0.1:${server.port}` }).get("x");
    expect(reply).toMatchObject({ status, statusLine });
    expect([reply.headers.get("x-request-id"), reply.text()]).toEqual(["r1", "why"]);
  });

  it("reads text as UTF-8 without its byte order mark", async () => {
    await using world = await start((_request, response) => response.end("\uFEFFgrüß"));
    expect((await world.http.get("x")).text()).toBe("grüß");
  });

  it.each(["GET", "HEAD", "POST", "DELETE"])("takes an empty answer to %s", async (method) => {
    await using world = await start((_request, response) => {
      response.writeHead(204, { "content-encoding": "gzip" });
      response.end();
    });
    expect((await world.http.request(method, "x")).bytes).toHaveLength(0);
  });

  it("uses one connection for calls in a row", async () => {
    await using world = await start((_request, response) => response.end("ok"));
    for (let call = 0; call < 5; call += 1) await world.http.post("x", { json: call });
    expect(world.server.connections.size).toBe(1);
  });

  it("has at most 16 requests on the wire and serves the rest in turn", async () => {
    const full = Promise.withResolvers<undefined>();
    const open = Promise.withResolvers<undefined>();
    let count = 0;
    await using world = await start((_request, response) => {
      count += 1;
      if (count === 16) full.resolve(undefined);
      void open.promise.then(() => response.end("ok"));
    });
    const calls = Promise.all(Array.from({ length: 40 }, () => world.http.post("x")));
    await full.promise;
    expect([count, world.server.connections.size]).toEqual([16, 16]);
    open.resolve(undefined);
    expect(await calls).toHaveLength(40);
    expect(world.server.connections.size).toBe(16);
  });

  it("drops an idle connection before the server does", async () => {
    await using world = await start((_request, response) => response.setHeader("keep-alive", "timeout=1").end("ok"));
    await world.http.get("x");
    await world.server.drained();
    expect((await world.http.get("x")).text()).toBe("ok");
  });

  it("keeps no process alive with idle connections", async () => {
    await using world = await start((_request, response) => response.end("ok"));
    const script = `
      import { createContext } from "../contract/context.ts";
      import { createHttp } from "./http.ts";
      await createHttp(createContext("test"), { baseUrl: "${world.server.url}" }).post("x");
      console.log(process.getActiveResourcesInfo().filter((name) => name !== "PipeWrap").join());`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd: import.meta.dirname });
    expect(stdout).toBe("\n");
  });

  it.each(["ftp://h", "h/api", "", "http://user:hunter22@h", "http://h/?key=hunter22"])("refuses %j as a base URL without showing it", (baseUrl) => {
    expect(() => createHttp(CONTEXT, { baseUrl })).toThrow(/^a base URL must (?!.*hunter22)/);
  });
});

describe("createHttp's redirects", () => {
  const hop: Answering = ({ url }, response) => {
    const left = Number(url.slice(1));
    response.writeHead(left > 0 ? 302 : 200, left > 0 ? { location: `/${left - 1}` } : {});
    response.end(url);
  };

  it("are followed three times within the origin, the fourth is the reply", async () => {
    await using world = await start(hop);
    expect((await world.http.get("3")).text()).toBe("/0");
    expect(await world.http.get("4")).toMatchObject({ status: 302 });
  });

  it("are the reply where the call asks for it", async () => {
    await using world = await start(hop);
    expect(await world.http.get("1", { followRedirects: false })).toMatchObject({ status: 302 });
    expect(world.server.seen).toHaveLength(1);
  });

  it("to another origin are the reply", async () => {
    await using other = await start((_request, response) => response.end("other"));
    await using world = await start((_request, response) => response.writeHead(307, { location: other.server.url }).end());
    expect(await world.http.get("x")).toMatchObject({ status: 307 });
    expect(other.server.seen).toEqual([]);
  });

  it.each([
    [302, 302, 1],
    [303, 303, 1],
    [307, 200, 2],
    [308, 200, 2],
  ])("of a POST with %i end with %i", async (status, expected, requests) => {
    await using world = await start(({ url }, response) => response.writeHead(url === "/a" ? status : 200, { location: "/b" }).end());
    expect(await world.http.post("a", { json: { n: 1 } })).toMatchObject({ status: expected });
    expect(world.server.seen.map(({ method, body }) => [method, body])).toEqual(Array(requests).fill(["POST", '{"n":1}']));
  });
});
