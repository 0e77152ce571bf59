import { startHttpProxy } from "../support/http-proxy.ts";
import type { TestProxy } from "../support/proxy-server.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";

/** Every kind of proxy that a `proxy_url` may name. */
export const KINDS: readonly (readonly [kind: string, start: () => Promise<TestProxy>])[] = [
  ["an HTTP proxy", startHttpProxy],
  ["a SOCKS5 proxy", startSocksProxy],
];
