import { createServer, type Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createContext } from "../contract/context.ts";
import { startHttpServer } from "../fixtures/http-server.ts";
import { listen } from "../fixtures/listen.ts";
import { createHttp, type Http } from "./http.ts";

const CONTEXT = createContext("test");
const connectTo = (port: number): Http => createHttp(CONTEXT, { baseUrl: `http://127.0.0.1:${port}` });
const matching = (text: string): string => expect.stringContaining(text) as string;

const GZIP_HEAD = Buffer.from("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");

/** What a server does once it has seen a request's first bytes. */
const DROPS: readonly (readonly [phase: string, drop: (socket: Socket) => void])[] = [
  ["before the answer", (socket) => socket.destroy()],
  ["with a reset", (socket) => socket.resetAndDestroy()],
  ["inside the head", (socket) => socket.end("HTTP/1.1 200 O")],
  ["inside a counted body", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")],
  ["inside a chunked body", (socket) => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")],
  ["inside a compressed body", (socket) => socket.end(Buffer.concat([GZIP_HEAD, gzipSync("x".repeat(999)).subarray(0, 20)]))],
  ["with something that is not HTTP", (socket) => socket.end("SSH-2.0-x\r\n")],
  ["with a status that is none", (socket) => void socket.write("HTTP/1.1 799 X\r\nContent-Length: 9\r\n\r\n")],
  ["by changing the protocol", (socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")],
];

describe("a connection that drops", () => {
  it.each(DROPS)("%s leaves a POST's outcome unknown and a GET to be repeated", async (_phase, drop) => {
    await using server = await listen(createServer((socket) => socket.once("data", () => drop(socket))));
    const http = connectTo(server.port);
    const lost = { code: "unknown-outcome", channel: "test", message: matching("/send was sent") };
    await expect(http.post("send?key=hunter22", { json: 1 })).rejects.toMatchObject(lost);
    await expect(http.get("send")).rejects.toMatchObject({ code: "transient" });
    await server.drained();
  });

  it("before it is made leaves nothing delivered", async () => {
    const gone = await listen(createServer());
    await gone[Symbol.asyncDispose]();
    await expect(connectTo(gone.port).post("send?key=hunter22")).rejects.toMatchObject({
      code: "transient",
      message: `POST http://127.0.0.1:${gone.port}/send was not sent: ECONNREFUSED`,
    });
  });

  it("never shows the query, neither in its message nor in its cause", async () => {
    await using server = await listen(createServer((socket) => socket.once("data", () => socket.destroy())));
    const error: unknown = await connectTo(server.port).post("send", { query: { key: "hunter22" } }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unknown-outcome", cause: expect.any(Error) as Error });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("hunter22");
  });
});

describe("the time limit of a call", () => {
  it.each([
    ["the answer", "", "POST", "unknown-outcome"],
    ["the answer", "", "GET", "transient"],
    ["the rest of the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "POST", "unknown-outcome"],
    ["the rest of the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "GET", "transient"],
  ])("covers %s (%#)", async (_what, begun, method, code) => {
    await using server = await listen(createServer((socket) => socket.once("data", () => begun !== "" && socket.write(begun))));
    const call = connectTo(server.port).request(method, "x", { timeoutMs: 25 });
    await expect(call).rejects.toMatchObject({ code, message: matching("no answer within 25 ms") });
    await server.drained();
  });

  it("covers waiting for a free connection, and then nothing was sent", async () => {
    await using server = await listen(createServer());
    const http = connectTo(server.port);
    const stop = new AbortController();
    const held = Array.from({ length: 16 }, () => http.post("x", { signal: stop.signal }));
    await expect(http.post("x", { timeoutMs: 25 })).rejects.toMatchObject({ code: "transient", message: matching("was not sent") });
    stop.abort();
    expect((await Promise.allSettled(held)).map(({ status }) => status)).toEqual(Array(16).fill("rejected"));
  });
});

describe("an abort", () => {
  it("lets its reason through, before and during a call, and closes the connection", async () => {
    await using server = await listen(createServer((socket) => socket.once("data", () => abort.abort(reason))));
    const abort = new AbortController();
    const reason = new TypeError("stopped");
    await expect(connectTo(server.port).post("x", { signal: abort.signal })).rejects.toBe(reason);
    await server.drained();
    await expect(connectTo(server.port).post("x", { signal: abort.signal })).rejects.toBe(reason);
    expect(server.connections.size).toBe(0);
  });
});

describe("the size limit of an answer", () => {
  const ENCODERS = { identity: (bytes: Buffer) => bytes, gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;

  it.each(Object.entries(ENCODERS))("counts what %s unpacks to", async (encoding, encode) => {
    await using server = await startHttpServer(({ url }, response) => {
      response.writeHead(200, { "content-encoding": encoding });
      response.write(encode(Buffer.alloc(Number(url.slice(1)), "a")));
      response.end();
    });
    const http = createHttp(CONTEXT, { baseUrl: server.url, maxBodyBytes: 1_000 });
    expect((await http.get("1000")).text()).toBe("a".repeat(1_000));
    await expect(http.get("1001")).rejects.toMatchObject({ code: "too-large", limit: 1_000, unit: "bytes" });
    // What was posted may well have been done.
    await expect(http.post("500000")).rejects.toMatchObject({ code: "unknown-outcome", cause: { code: "too-large" } });
    expect((await http.get("2000", { maxBodyBytes: 2_000 })).bytes).toHaveLength(2_000);
  });

  it("believes an announced length at once", async () => {
    await using server = await startHttpServer((_request, response) => void response.writeHead(200, { "content-length": "999999" }).write("a"));
    const http = createHttp(CONTEXT, { baseUrl: server.url, maxBodyBytes: 1_000 });
    await expect(http.get("x")).rejects.toMatchObject({ code: "too-large", actual: 999_999 });
    await server.drained();
  });
});
