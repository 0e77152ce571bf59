import { describe, expect, it } from "vitest";
import { createContext } from "../contract/context.ts";
import { startHttpServer } from "../fixtures/http-server.ts";
import { startHttpProxy } from "../fixtures/proxies.ts";
import { createHttp } from "./http.ts";
import { checkRemoteUrl, pinnedLookup, RemoteUrlRefusal } from "./remote-url.ts";

const LOCAL = { allowedHosts: ["127.0.0.1"] };
const CONTEXT = createContext("test");

describe("checkRemoteUrl", () => {
  it.each(["https://cdn.example.com/a.png?sig=1", "http://8.8.8.8/a", "https://cdn.example.com:8443/a", "http://cdn.example.com:80/a"])("passes %s", (url) => {
    expect(checkRemoteUrl(url).url.href).toBe(new URL(url).href);
  });

  it.each([
    ["file:///etc/passwd", "only http and https"],
    ["ftp://cdn.example.com/a", "only http and https"],
    ["data:text/plain,x", "only http and https"],
    ["https://user:hunter22@cdn.example.com", "user or a password"],
    ["https://cdn.example.com:22/", "port"],
    ["nonsense", "not a URL"],
  ])("refuses %s (gateway U-1)", (url, reason) => {
    expect(() => checkRemoteUrl(url)).toThrow(RemoteUrlRefusal);
    expect(() => checkRemoteUrl(url)).toThrow(new RegExp(`^(?!.*hunter22).*${reason}`));
  });

  it.each([
    "http://127.0.0.1:8080/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://169.254.169.254/latest",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://localhost/",
    "http://db.internal/",
    "http://printer.local./",
    "http://redis:6379/",
  ])("refuses %s, which can be seen to be private (gateway U-2)", (url) => {
    expect(() => checkRemoteUrl(url)).toThrow("private network");
  });

  it.each([
    ["http://127.0.0.1:8080/", ["127.0.0.1"]],
    ["http://mochat:3000/", ["MoChat"]],
    ["http://files.corp.internal/", [".corp.internal"]],
  ])("passes %s when its host is allowed by name (gateway U-3)", (url, allowedHosts) => {
    expect(checkRemoteUrl(url, { allowedHosts }).url.href).toBe(url);
  });

  it("does not take a host for allowed because its name ends alike", () => {
    expect(() => checkRemoteUrl("http://evilcorp.internal/", { allowedHosts: [".corp.internal", "corp.internal"] })).toThrow(RemoteUrlRefusal);
  });
});

describe("pinnedLookup", () => {
  // `localhost.` resolves on every machine, but is refused by sight; an allowed neighbour's guard lends its look-up.
  const resolve = (name: string, all: boolean): Promise<unknown> =>
    new Promise((done) => {
      const lookup = pinnedLookup(checkRemoteUrl("https://cdn.example.com/?key=hunter22"));
      lookup?.(name, { all }, (error, address) => done(error ?? address));
    });

  it("refuses a name that leads into a private network (gateway U-1)", async () => {
    const error = await resolve("localhost", true);
    expect(error).toBeInstanceOf(RemoteUrlRefusal);
    expect(String(error)).toMatch(/cdn\.example\.com.*private network/);
    expect(String(error)).not.toContain("hunter22");
  });

  it("gives one address or all of them, as it is asked", async () => {
    expect([await resolve("8.8.8.8", false), await resolve("8.8.8.8", true)]).toEqual(["8.8.8.8", [{ address: "8.8.8.8", family: 4 }]]);
  });

  it("passes on that a name does not exist", async () => {
    expect(await resolve("nowhere.invalid", true)).toMatchObject({ syscall: "getaddrinfo" });
  });

  it("is not needed for an allowed host (gateway U-3)", () => {
    expect(pinnedLookup(checkRemoteUrl("http://127.0.0.1/", LOCAL))).toBeUndefined();
  });
});

describe("createHttp with a checked URL", () => {
  it("fetches it, without the headers that are meant for the base URL", async () => {
    await using server = await startHttpServer((_request, response) => response.end("file"));
    const http = createHttp(CONTEXT, { baseUrl: "https://api.example", headers: { authorization: "Bearer hunter22" } });
    const reply = await http.get(checkRemoteUrl(`${server.url}/a?b=c`, LOCAL), { headers: { "x-mine": "1" } });
    expect(reply.text()).toBe("file");
    expect(server.seen[0]).toMatchObject({ url: "/a?b=c", headers: { "x-mine": "1" } });
    expect(server.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  it("checks where a redirect leads, and leaves headers behind", async () => {
    await using other = await startHttpServer((_request, response) => response.end("other"));
    await using server = await startHttpServer(({ url }, response) => {
      response.writeHead(302, { location: url === "/private" ? "http://10.0.0.1/" : other.url }).end();
    });
    const http = createHttp(CONTEXT, { baseUrl: server.url, headers: { authorization: "Bearer hunter22" } });
    expect((await http.get(checkRemoteUrl(server.url, LOCAL))).text()).toBe("other");
    expect(other.seen[0]?.headers).not.toHaveProperty("authorization");
    await expect(http.get(checkRemoteUrl(`${server.url}/private`, LOCAL))).rejects.toThrow(RemoteUrlRefusal);
  });

  it("follows five redirects, and then gives the sixth as the reply", async () => {
    await using server = await startHttpServer(({ url }, response) => {
      const left = Number(url.slice(1));
      response.writeHead(left > 0 ? 302 : 200, left > 0 ? { location: `/${left - 1}` } : {}).end();
    });
    const http = createHttp(CONTEXT, { baseUrl: server.url });
    expect((await http.get(checkRemoteUrl(`${server.url}/5`, LOCAL))).status).toBe(200);
    expect((await http.get(checkRemoteUrl(`${server.url}/6`, LOCAL))).status).toBe(302);
  });

  it("leaves the name to a proxy, which alone can resolve it (gateway U-4)", async () => {
    await using server = await startHttpServer((_request, response) => response.end("file"));
    await using proxy = await startHttpProxy();
    const http = createHttp(CONTEXT, { baseUrl: "https://api.example", proxyUrl: proxy.url });
    expect((await http.get(checkRemoteUrl(`http://nowhere.invalid:${server.port}/`))).text()).toBe("file");
    expect(() => checkRemoteUrl(`http://127.0.0.1:${server.port}/`)).toThrow(RemoteUrlRefusal);
  });
});
