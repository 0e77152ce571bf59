import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Socket as TcpSocket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { createContext } from "../contract/context.ts";
import { RateLimitError } from "../contract/errors.ts";
import { createCertificate } from "../fixtures/certificate.ts";
import { listen } from "../fixtures/listen.ts";
import { startHttpProxy, startSocksProxy } from "../fixtures/proxies.ts";
import { startSocketServer } from "../fixtures/socket-server.ts";
import { openSocket, type Socket } from "./socket.ts";

const CONTEXT = createContext("test");
const LIFE = new AbortController().signal;
const certificate = createCertificate();
const isTlsTestable = certificate !== undefined;
const echo = (socket: WebSocket): unknown => socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
const matching = (text: string): string => expect.stringContaining(text) as string;

const WRONG_KEY = "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n";

async function next(socket: Socket): Promise<unknown> {
  const { value } = (await socket.frames[Symbol.asyncIterator]().next()) as { value: unknown };
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}

describe("openSocket", () => {
  it("carries text as strings and the rest as bytes, both ways", async () => {
    await using server = await startSocketServer(echo);
    await using socket = await openSocket(CONTEXT, server.url, { signal: LIFE, headers: { "x-a": "1" } });
    await socket.send("grüß");
    await socket.send(new Uint8Array([0, 255]));
    expect([await next(socket), await next(socket)]).toEqual(["grüß", "00ff"]);
    expect(server.handshakes[0]).toMatchObject({ "x-a": "1", "user-agent": "revka-core" });
  });

  it.each<[string, (server: WebSocket, socket: Socket) => unknown]>([
    ["a message", (server) => server.send("x")],
    ["a ping", (server) => server.ping()],
    ["the pong of its own ping", (_server, socket) => socket.ping()],
  ])("has been heard with the first sign of life, and not by opening: %s", async (_sign, live) => {
    const opened = Promise.withResolvers<WebSocket>();
    await using listening = await startSocketServer((server) => opened.resolve(server));
    await using socket = await openSocket(CONTEXT, listening.url, { signal: LIFE });
    const server = await opened.promise;
    expect(await Promise.race([socket.heard, setImmediate("silence")])).toBe("silence");
    await live(server, socket);
    await expect(socket.heard).resolves.toBeUndefined();
  });

  it("tells every sign of life: a message, a ping, the pong of its own ping", async () => {
    let server: WebSocket | undefined;
    await using listening = await startSocketServer((socket) => void (server = socket));
    let [signs, told] = [0, Promise.withResolvers<undefined>()];
    const onActivity = (): void => {
      signs += 1;
      told.resolve(undefined);
    };
    await using socket = await openSocket(CONTEXT, listening.url, { signal: LIFE, onActivity });
    for (const live of [() => server?.send("x"), () => server?.ping(), () => socket.ping()]) {
      told = Promise.withResolvers<undefined>();
      await live();
      await told.promise;
    }
    expect(signs).toBe(3);
    await socket.close();
    await expect(socket.ping()).rejects.toThrow("the connection is closed");
  });

  it("offers no compression", async () => {
    await using server = await startSocketServer(echo);
    await using _socket = await openSocket(CONTEXT, server.url, { signal: LIFE });
    expect(server.handshakes[0]).not.toHaveProperty("sec-websocket-extensions");
  });

  it("loses no frame that comes along with the handshake's answer", async () => {
    await using server = await startSocketServer((socket) => {
      for (let count = 0; count < 3; count += 1) socket.send(`hello ${count}`);
    });
    await using socket = await openSocket(CONTEXT, server.url, { signal: LIFE });
    expect([await next(socket), await next(socket), await next(socket)]).toEqual(["hello 0", "hello 1", "hello 2"]);
  });

  it("slows the other side down instead of keeping more than it may", async () => {
    const [count, frame] = [3_000, Buffer.alloc(20_000)];
    let unsent = (): number => 0;
    await using server = await startSocketServer((socket) => {
      unsent = () => socket.bufferedAmount;
      for (let sent = 0; sent < count; sent += 1) socket.send(frame);
      socket.close(4_000, "done");
    });
    await using socket = await openSocket(CONTEXT, server.url, { signal: LIFE });
    expect(await next(socket)).toHaveLength(40_000);
    expect(unsent()).toBeGreaterThan(20_000_000);
    let received = 1;
    for await (const _ of socket.frames) received += 1;
    expect([received, await socket.closed]).toEqual([count, { code: 4_000, reason: "done" }]);
  });
});

describe("a refused handshake", () => {
  const refuse = (status: number, headers: Record<string, string> = {}): ReturnType<typeof createHttpServer> =>
    createHttpServer().on("upgrade", (_request, socket: TcpSocket) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${status} No\r\n${lines.join("")}Content-Length: 2\r\n\r\nno`);
    });

  it.each([
    [401, { code: "auth", platformCode: "401" }],
    [403, { code: "auth", platformCode: "403" }],
    [302, { code: "transient", status: 302 }],
    [404, { code: "transient", status: 404 }],
    [503, { code: "transient", status: 503 }],
  ])("with %i is told by its error", async (status, expected) => {
    await using server = await listen(refuse(status, { location: "/elsewhere" }));
    await expect(openSocket(CONTEXT, `ws://127.0.0.1:${server.port}/?ticket=hunter22`, { signal: LIFE })).rejects.toMatchObject(expected);
    await server.drained();
  });

  it("means what the channel reads in its status and headers", async () => {
    await using server = await listen(refuse(514, { "Handshake-Status": "514", "Handshake-Msg": "limit" }));
    const opening = openSocket(CONTEXT, `ws://127.0.0.1:${server.port}`, {
      signal: LIFE,
      toRefusalError: ({ status, headers }) => new RateLimitError(`${status} ${headers["handshake-msg"] ?? ""}`, { retryAfterMs: 1 }),
    });
    await expect(opening).rejects.toMatchObject({ code: "rate-limit", message: "514 limit" });
  });
});

describe("a handshake that breaks", () => {
  it.each<[string, (socket: TcpSocket) => void, string]>([
    ["at once", (socket) => socket.destroy(), "ws://localhost:"],
    ["after half an answer", (socket) => socket.end("HTTP/1.1 101 Swi"), "ws://localhost:"],
    ["with a wrong key", (socket) => socket.end(WRONG_KEY), "Sec-WebSocket-Accept"],
  ])("%s is transient and leaves nothing open", async (_title, drop, message) => {
    await using server = await listen(createServer((socket) => socket.once("data", () => drop(socket))));
    await expect(openSocket(CONTEXT, `ws://localhost:${server.port}/?ticket=hunter22`, { signal: LIFE })).rejects.toMatchObject({
      code: "transient",
      channel: "test",
      message: expect.stringMatching(new RegExp(`^(?!.*hunter22).*${message}`)) as string,
    });
    await server.drained();
  });

  it.each([
    ["the upgrade", (port: number) => ({ url: `ws://localhost:${port}` })],
    ["TLS", (port: number) => ({ url: `wss://localhost:${port}` })],
    ["a SOCKS proxy", (port: number) => ({ url: "ws://a.invalid", proxyUrl: new URL(`socks5://127.0.0.1:${port}`) })],
    ["an HTTP proxy", (port: number) => ({ url: "wss://a.invalid", proxyUrl: new URL(`http://127.0.0.1:${port}`) })],
  ])("is given up at the one deadline while %s is silent (trap W1)", async (_phase, place) => {
    await using server = await listen(createServer((socket) => socket.resume()));
    const { url, ...options } = { proxyUrl: undefined, ...place(server.port) };
    await expect(openSocket(CONTEXT, url, { signal: LIFE, handshakeTimeoutMs: 25, ...options })).rejects.toMatchObject({
      code: "transient",
      message: matching("no answer within 25 ms"),
    });
    await server.drained();
  });

  it("ends with the signal's reason when it aborts", async () => {
    const abort = new AbortController();
    const reason = new TypeError("stopped");
    await using server = await listen(createServer((socket) => socket.once("data", () => abort.abort(reason))));
    await expect(openSocket(CONTEXT, `ws://localhost:${server.port}`, { signal: abort.signal })).rejects.toBe(reason);
    await server.drained();
  });
});

describe.each([
  ["an HTTP proxy", startHttpProxy],
  ["a SOCKS5 proxy", startSocksProxy],
])("openSocket through %s", (_title, startProxy) => {
  it("speaks ws, not waiting for ever on a paused socket (trap W2)", async () => {
    await using server = await startSocketServer(echo);
    await using proxy = await startProxy({ credentials: "user:pass" });
    await using socket = await openSocket(CONTEXT, `ws://a.invalid:${server.port}`, { signal: LIFE, proxyUrl: proxy.url });
    await socket.send("hi");
    expect([await next(socket), proxy.targets]).toEqual(["hi", [`a.invalid:${server.port}`]]);
  });

  it.runIf(isTlsTestable)("speaks wss and checks the certificate", async () => {
    await using server = await startSocketServer(echo, certificate);
    await using proxy = await startProxy({});
    const context = createContext("test", { proxyFor: () => proxy.url });
    const options = { signal: LIFE, ca: certificate?.cert ?? "" };
    await using socket = await openSocket(context, `wss://ws.example.test:${server.port}`, options);
    await socket.send("hi");
    expect(await next(socket)).toBe("hi");
    await expect(openSocket(context, `wss://a.invalid:${server.port}`, options)).rejects.toMatchObject({ message: matching("ALTNAME_INVALID") });
  });
});

describe("an open socket that ends", () => {
  it.each<[string, (socket: WebSocket) => void, object]>([
    ["with a code", (socket) => socket.close(4_009, "session timed out"), { code: 4_009, reason: "session timed out" }],
    ["without one", (socket) => socket.close(), { code: 1_005, reason: "" }],
    ["without a goodbye", (socket) => socket.terminate(), { code: 1_006 }],
    ["over a frame that is too large", (socket) => socket.send("x".repeat(1_001)), { reason: "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" }],
  ])("%s ends its frames and says why", async (_title, finish, expected) => {
    await using server = await startSocketServer(finish);
    await using socket = await openSocket(CONTEXT, server.url, { signal: LIFE, maxFrameBytes: 1_000 });
    for await (const frame of socket.frames) expect(frame).toBe("no frame at all");
    expect(await socket.closed).toMatchObject(expected);
    await expect(socket.send("late")).rejects.toMatchObject({ code: "transient", message: "the connection is closed" });
    await server.drained();
  });

  it("by our close says goodbye with our code", async () => {
    const gone = Promise.withResolvers<unknown>();
    await using server = await startSocketServer((socket) => socket.once("close", (code, reason) => gone.resolve([code, reason.toString()])));
    const socket = await openSocket(CONTEXT, server.url, { signal: LIFE });
    await socket.close(4_001, "bye");
    await socket.close();
    expect([await gone.promise, await socket.closed]).toEqual([[4_001, "bye"], { code: 4_001, reason: "bye" }]);
  });

  it("by an abort reads nothing more, and says goodbye after what it holds was sent", async () => {
    const said: string[] = [];
    const gone = Promise.withResolvers<undefined>();
    await using server = await startSocketServer((socket) => {
      socket.send("question");
      socket.on("message", (data: Buffer) => said.push(data.toString()));
      socket.once("close", () => gone.resolve(undefined));
    });
    const abort = new AbortController();
    const socket = await openSocket(CONTEXT, server.url, { signal: abort.signal });
    await next(socket);
    const work = Promise.withResolvers<undefined>();
    socket.hold(work.promise.then(() => socket.send("answer")));
    socket.hold(Promise.reject(new RangeError("this one has nothing to say")));
    abort.abort();
    for await (const frame of socket.frames) expect(frame).toBe("no frame at all");
    expect(said).toEqual([]);
    work.resolve(undefined);
    expect(await socket.closed).toMatchObject({ code: 1_000 });
    await gone.promise;
    expect(said).toEqual(["answer"]);
  });

  it("by an abort does not wait without end for what it holds", async () => {
    await using server = await startSocketServer(() => undefined);
    const abort = new AbortController();
    const socket = await openSocket(CONTEXT, server.url, { signal: abort.signal, closeTimeoutMs: 1 });
    socket.hold(new Promise(() => undefined));
    abort.abort();
    await socket.closed;
    await server.drained();
  });

  it.each<[string, (socket: Socket) => unknown, number]>([
    ["close", (socket) => socket.close(), 1_000],
    ["terminate", (socket) => socket.terminate("stale"), 1_006],
  ])("by our %s ends even when frames wait that nobody reads", async (_how, finish, code) => {
    await using server = await startSocketServer((socket) => {
      for (let sent = 0; sent < 3_000; sent += 1) socket.send("x".repeat(100));
    });
    const socket = await openSocket(CONTEXT, server.url, { signal: LIFE });
    await next(socket);
    await finish(socket);
    expect((await socket.closed).code).toBe(code);
    await server.drained();
  });

  it("by terminate tells our reason", async () => {
    await using server = await startSocketServer(echo);
    const socket = await openSocket(CONTEXT, server.url, { signal: LIFE });
    socket.terminate("stale");
    expect(await socket.closed).toEqual({ code: 1_006, reason: "stale" });
    await server.drained();
  });

  it("by an abort of its signal says goodbye", async () => {
    const abort = new AbortController();
    const gone = Promise.withResolvers<number>();
    await using server = await startSocketServer((socket) => socket.once("close", gone.resolve));
    const socket = await openSocket(CONTEXT, server.url, { signal: abort.signal });
    abort.abort();
    expect([await gone.promise, (await socket.closed).code]).toEqual([1_000, 1_000]);
  });

  it("by our close on a peer that never answers is cut off", async () => {
    await using server = await startSocketServer((socket) => socket.pause());
    const socket = await openSocket(CONTEXT, server.url, { signal: LIFE, closeTimeoutMs: 25 });
    await socket.close();
    expect(await socket.closed).toEqual({ code: 1_006, reason: "no goodbye" });
    for (const connection of server.connections) if (!connection.destroyed) await once(connection.resume(), "close");
  });
});
