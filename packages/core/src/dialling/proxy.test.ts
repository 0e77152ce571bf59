import { describe, expect, it } from "vitest";
import { bareHost, chooseProxy, createProxyPolicy, isLoopback, maskProxy, parseProxyUrl, type ProxyChoice } from "./proxy.ts";

const HTTP = new URL("http://http.proxy:1");
const HTTPS = new URL("http://https.proxy:2");
const ALL = new URL("socks5://all.proxy:3");

describe("parseProxyUrl", () => {
  it.each([
    ["direct", "direct"],
    [" DIRECT ", "direct"],
    ["http://proxy.example:3128", "http://proxy.example:3128/"],
    ["https://u:p@proxy.example", "https://u:p@proxy.example/"],
    ["socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"],
    ["socks5h://127.0.0.1:1080", "socks5://127.0.0.1:1080"],
    ["SOCKS://u:p@[::1]:1080", "socks5://u:p@[::1]:1080"],
  ])("reads %s", (value, expected) => {
    const choice = parseProxyUrl(value);
    expect(choice === "direct" ? choice : choice.href).toBe(expected);
  });

  it.each(["", "proxy.example:3128", "127.0.0.1:7890", "ftp://proxy.example", "socks4://proxy.example:1080", "http://", "socks5://"])(
    "refuses %j and says what is allowed",
    (value) => expect(() => parseProxyUrl(value)).toThrow(/"direct" or an http, https, socks5 or socks5h URL/),
  );

  it.each(["http://user:hunter/22@10.0.0.9:3128", "http://user:hunter?22@10.0.0.9:3128", "socks5://user:hunter#22@10.0.0.9", "http://proxy.example/path", "http://proxy.example?x=1"])("refuses %s, in which a password would be taken for a host", (value) => {
    expect(() => parseProxyUrl(value)).toThrow("a proxy's URL ends with its host and port; in user and password write %2F for /");
    expect(() => parseProxyUrl(value)).toThrow(/^(?!.*hunter)/);
  });

  it.each(["ftp://user:hunter22@proxy.example", "http://user:100%hunter22@proxy.example"])("never shows the password of %s, which it refuses", (value) => {
    expect(() => parseProxyUrl(value)).toThrow(/^(?!.*hunter22)/);
  });
});

describe("createProxyPolicy", () => {
  const full = { httpProxy: HTTP, httpsProxy: HTTPS, allProxy: ALL };

  it.each<[string, Parameters<typeof createProxyPolicy>[0], string, ProxyChoice]>([
    ["http takes the http proxy", full, "http://a.example", HTTP],
    ["ws takes the http proxy", full, "ws://a.example", HTTP],
    ["https takes the https proxy", full, "https://a.example", HTTPS],
    ["wss takes the https proxy", full, "wss://a.example", HTTPS],
    ["wss without an https proxy takes the general one", { httpProxy: HTTP, allProxy: ALL }, "wss://a.example", ALL],
    ["a setting of direct is not overruled by the general one", { httpsProxy: "direct", allProxy: ALL }, "wss://a.example", "direct"],
    ["nothing set is direct", {}, "https://a.example", "direct"],
    ["loopback is direct", full, "http://127.0.0.1:8080", "direct"],
    ["an exception is direct", { ...full, noProxy: ["a.example"] }, "https://a.example", "direct"],
  ])("%s", (_title, settings, url, expected) => {
    expect(createProxyPolicy(settings)(new URL(url))).toBe(expected);
  });
});

describe("chooseProxy", () => {
  it("prefers a channel's own setting, also for loopback and also when it is direct", () => {
    expect(chooseProxy(new URL("http://127.0.0.1"), HTTP, () => ALL)).toBe(HTTP);
    expect(chooseProxy(new URL("https://a.example"), "direct", () => ALL)).toBe("direct");
  });

  it("asks the policy otherwise, but never about loopback", () => {
    expect(chooseProxy(new URL("https://a.example"), undefined, () => ALL)).toBe(ALL);
    expect(chooseProxy(new URL("http://localhost:1"), undefined, () => ALL)).toBe("direct");
  });
});

describe("isLoopback", () => {
  it.each([
    ["http://127.0.0.1", true],
    ["http://127.9.9.9", true],
    ["http://2130706433", true],
    ["ws://[::1]:80", true],
    ["http://localhost", true],
    ["http://bot.localhost", true],
    ["http://localhost.example", false],
    ["http://10.0.0.1", false],
    ["http://[::2]", false],
  ])("%s: %s", (url, expected) => {
    expect(isLoopback(new URL(url))).toBe(expected);
  });
});

describe("maskProxy", () => {
  it.each([
    ["direct", "direct"],
    ["http://proxy.example:3128", "http://proxy.example:3128"],
    ["socks5://user:secret@proxy.example:1080", "socks5://***@proxy.example:1080"],
    ["http://user@proxy.example", "http://***@proxy.example"],
  ])("shows %s as %s", (value, expected) => {
    expect(maskProxy(parseProxyUrl(value))).toBe(expected);
  });
});

describe("bareHost", () => {
  it("takes the brackets off an IPv6 address only", () => {
    expect(bareHost(new URL("http://[fe80::1]:80"))).toBe("fe80::1");
    expect(bareHost(new URL("http://a.example:80"))).toBe("a.example");
  });
});
