import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createContext } from "../contract/context.ts";
import { createCertificate } from "../fixtures/certificate.ts";
import { startHttpServer, type Answering } from "../fixtures/http-server.ts";
import { listen } from "../fixtures/listen.ts";
import { startHttpProxy, startSocksProxy, type ProxyOptions, type ProxyServer } from "../fixtures/proxies.ts";
import { createHttp } from "./http.ts";

const certificate = createCertificate();
const isTlsTestable = certificate !== undefined;
const ca = certificate?.cert ?? "";
const open: AsyncDisposable[] = [];
const echo: Answering = ({ body }, response) => response.end(`echo ${body.length}`);
const matching = (text: string): string => expect.stringContaining(text) as string;

const started = <T extends AsyncDisposable>(server: T): T => {
  open.push(server);
  return server;
};

afterEach(async () => {
  for (const server of open.splice(0)) await server[Symbol.asyncDispose]();
});

type StartProxy = (options: ProxyOptions) => Promise<ProxyServer>;
const WAYS: readonly (readonly [string, StartProxy, ProxyOptions])[] = [
  ["an HTTP proxy", startHttpProxy, {}],
  ["an HTTP proxy with credentials", startHttpProxy, { credentials: "user:pass" }],
  ["a SOCKS5 proxy", startSocksProxy, {}],
  ["a SOCKS5 proxy with credentials", startSocksProxy, { credentials: "user:pass" }],
];

describe.each(WAYS)("createHttp through %s", (_title, startProxy, options) => {
  it("reaches a plain target, whose name the proxy resolves", async () => {
    const [server, proxy] = [started(await startHttpServer(echo)), started(await startProxy(options))];
    const http = createHttp(createContext("test"), { baseUrl: `http://api.example.test:${server.port}`, proxyUrl: proxy.url });
    expect((await http.post("x", { body: new Uint8Array(100_000) })).text()).toBe("echo 100000");
    expect((await http.post("x", { json: 1 })).text()).toBe("echo 1");
    expect(proxy.targets).toEqual([`api.example.test:${server.port}`]);
    expect(server.seen[0]?.headers.host).toBe(`api.example.test:${server.port}`);
  });

  it.runIf(isTlsTestable)("reaches a TLS target and checks its certificate", async () => {
    const [server, proxy] = [started(await startHttpServer(echo, certificate)), started(await startProxy(options))];
    const context = createContext("test", { proxyFor: () => proxy.url });
    const http = createHttp(context, { baseUrl: `https://api.example.test:${server.port}`, ca });
    expect((await http.post("x", { body: new Uint8Array(100_000) })).text()).toBe("echo 100000");
    const stranger = createHttp(context, { baseUrl: `https://other.invalid:${server.port}`, ca });
    await expect(stranger.post("x")).rejects.toMatchObject({ code: "transient", message: matching("ERR_TLS_CERT_ALTNAME_INVALID") });
    expect(server.seen).toHaveLength(1);
  });

  it("never goes directly when the proxy is gone", async () => {
    const [server, proxy] = [started(await startHttpServer(echo)), await startProxy(options)];
    await proxy[Symbol.asyncDispose]();
    const http = createHttp(createContext("test"), { baseUrl: server.url, proxyUrl: proxy.url });
    await expect(http.post("x")).rejects.toMatchObject({ code: "transient", message: matching("was not sent: proxy ") });
    expect(server.seen).toEqual([]);
  });
});

describe("createHttp's choice of a proxy", () => {
  it("leaves loopback to the channel's own setting", async () => {
    const [server, proxy] = [started(await startHttpServer(echo)), started(await startHttpProxy())];
    const context = createContext("test", { proxyFor: () => proxy.url });
    await createHttp(context, { baseUrl: server.url }).get("x");
    expect(proxy.targets).toEqual([]);
    await createHttp(context, { baseUrl: server.url, proxyUrl: proxy.url }).get("x");
    expect(proxy.targets).toHaveLength(1);
  });

  it("takes refused credentials for a proxy's trouble, not the platform's", async () => {
    const proxy = started(await startHttpProxy({ credentials: "user:pass" }));
    const http = createHttp(createContext("test"), { baseUrl: "http://a.invalid", proxyUrl: new URL(proxy.url.href.replace("pass", "hunter22")) });
    await expect(http.post("x")).rejects.toMatchObject({ code: "transient", message: matching("refuses the credentials (407)") });
  });

  it("stops waiting for a silent proxy at the call's limit, and names it: nothing was sent", async () => {
    const proxy = started(await listen(createServer((socket) => socket.resume())));
    const http = createHttp(createContext("test"), { baseUrl: "http://a.invalid", proxyUrl: new URL(`socks5://user:hunter22@127.0.0.1:${proxy.port}`) });
    await expect(http.post("x", { timeoutMs: 25 })).rejects.toMatchObject({
      code: "transient",
      message: `POST http://a.invalid/x was not sent through proxy socks5://***@127.0.0.1:${proxy.port}: no answer within 25 ms`,
    });
    await proxy.drained();
  });
});

describe.runIf(isTlsTestable)("createHttp over TLS", () => {
  it("goes through a proxy that itself speaks TLS to us, and checks both certificates", async () => {
    const options = certificate === undefined ? {} : { certificate };
    const [server, proxy] = [started(await startHttpServer(echo, certificate)), started(await startHttpProxy(options))];
    const baseUrl = `https://api.example.test:${server.port}`;
    expect((await createHttp(createContext("test"), { baseUrl, proxyUrl: proxy.url, ca }).post("x", { json: 1 })).text()).toBe("echo 1");
    await expect(createHttp(createContext("test"), { baseUrl, proxyUrl: proxy.url }).post("x")).rejects.toMatchObject({
      message: matching(`proxy https://127.0.0.1:${proxy.port}: DEPTH_ZERO_SELF_SIGNED_CERT`),
    });
  });

  it("trusts a certificate that it is given and no other stranger's", async () => {
    const server = started(await startHttpServer(echo, certificate));
    expect((await createHttp(createContext("test"), { baseUrl: server.url, ca }).get("x")).status).toBe(200);
    await expect(createHttp(createContext("test"), { baseUrl: server.url }).post("x")).rejects.toMatchObject({
      code: "transient",
      message: matching("was not sent: DEPTH_ZERO_SELF_SIGNED_CERT"),
    });
    expect(server.seen).toHaveLength(1);
  });

  it("has sent nothing when the handshake breaks", async () => {
    const server = started(await listen(createServer((socket) => socket.once("data", () => socket.destroy()))));
    const http = createHttp(createContext("test"), { baseUrl: `https://127.0.0.1:${server.port}` });
    await expect(http.post("x")).rejects.toMatchObject({ code: "transient", message: matching("was not sent: ECONNRESET") });
    await server.drained();
  });
});

it.skipIf(isTlsTestable)("skips what needs TLS: there is no openssl on this machine to make a certificate with", () => undefined);
