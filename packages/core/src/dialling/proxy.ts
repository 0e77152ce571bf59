import { BlockList, isIP } from "node:net";
import { createNoProxyList } from "./no-proxy.ts";

/** How a connection is made: straight, or through the proxy of this URL (`http:`, `https:` or `socks5:`). */
export type ProxyChoice = "direct" | URL;

/** Decides per target URL. HTTP and WebSocket must ask the same one. */
export type ProxyPolicy = (url: URL) => ProxyChoice;

/** The proxies of a host, by what they are for. */
export interface ProxySettings {
  readonly httpProxy?: ProxyChoice;
  readonly httpsProxy?: ProxyChoice;
  /** For whatever has no proxy of its own. */
  readonly allProxy?: ProxyChoice;
  /** Targets that are reached directly; each entry may be a comma list. */
  readonly noProxy?: readonly string[];
}

/** A path would be of no use to a proxy; where one is, a `/` in the password was not escaped, and the host is a piece of it. */
const BEYOND_HOST = /^[a-z\d]+:\/\/[^/?#]*(?:\/.|[?#])/i;

const ALLOWED = 'a proxy is "direct" or an http, https, socks5 or socks5h URL with a host, e.g. socks5://user:password@proxy.example:1080';

/**
 * Reads a proxy setting.
 *
 * `socks` and `socks5h` become `socks5`: names are always resolved by the proxy, so the three mean the same here.
 *
 * @throws TypeError that says what is allowed and never shows the value, which may hold a password.
 */
export function parseProxyUrl(value: string): ProxyChoice {
  const trimmed = value.trim();
  if (trimmed.toLowerCase() === "direct") return "direct";
  if (BEYOND_HOST.test(trimmed)) throw new TypeError("a proxy's URL ends with its host and port; in user and password write %2F for /, %3F for ? and %23 for #");
  const url = URL.parse(trimmed.replace(/^socks(?:5h)?:\/\//i, "socks5://"));
  if (url === null || !/^(?:https?|socks5):$/.test(url.protocol) || url.hostname === "") throw new TypeError(ALLOWED);
  if (/%(?![\da-f]{2})/i.test(url.username + url.password)) throw new TypeError("in a proxy's user and password a % must be written as %25");
  return url;
}

/**
 * Makes the one decision for a host's traffic.
 *
 * `https` and `wss` targets take the https proxy, `http` and `ws` the http proxy, and whatever has none takes
 * `allProxy`. Loopback targets and those in `noProxy` go directly.
 */
export function createProxyPolicy(settings: ProxySettings): ProxyPolicy {
  const isExcepted = createNoProxyList(settings.noProxy ?? []);
  return (url) => {
    if (isLoopback(url) || isExcepted(url)) return "direct";
    const isSecure = url.protocol === "https:" || url.protocol === "wss:";
    return (isSecure ? settings.httpsProxy : settings.httpProxy) ?? settings.allProxy ?? "direct";
  };
}

/** The way to `url`: a channel's own proxy setting wins; the host's policy never applies to loopback. */
export function chooseProxy(url: URL, own: ProxyChoice | undefined, policy: ProxyPolicy): ProxyChoice {
  if (own !== undefined) return own;
  return isLoopback(url) ? "direct" : policy(url);
}

/** A proxy as it may be logged: without its credentials. */
export function maskProxy(choice: ProxyChoice): string {
  if (choice === "direct") return choice;
  const credentials = choice.username === "" && choice.password === "" ? "" : "***@";
  return `${choice.protocol}//${credentials}${choice.host}`;
}

/** A URL's host as sockets want it: an IPv6 address without its brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether `url` points at this machine, by its literal host: nothing is resolved. */
export function isLoopback(url: URL): boolean {
  const host = bareHost(url);
  const family = isIP(host);
  if (family !== 0) return LOOPBACK.check(host, family === 6 ? "ipv6" : "ipv4");
  return /^(?:.+\.)?localhost\.?$/i.test(host);
}
