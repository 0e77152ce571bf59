import type { LookupFunction, Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { dial } from "./dial.ts";
import { bareHost, type ProxyChoice } from "./proxy.ts";
import { openTcp, openTls } from "./tcp.ts";

/** How a connection to a URL is made. */
export interface ConnectOptions {
  readonly proxy: ProxyChoice;
  readonly signal: AbortSignal;
  /** Whom a `https` or `wss` target, and an `https` proxy, is checked against; the system's authorities by default. */
  readonly secureContext?: SecureContext | undefined;
  /** How the name is resolved on a direct way. A proxy resolves names itself. */
  readonly lookup?: LookupFunction | undefined;
}

/** Whether `url` is spoken over TLS. */
export function isSecure(url: URL): boolean {
  return url.protocol === "https:" || url.protocol === "wss:";
}

/**
 * Connects to the host of an `http`, `https`, `ws` or `wss` URL: name, TCP or proxy, TLS. The socket is ready to be
 * written to, so as long as this has not resolved nothing has reached the other side.
 *
 * @throws TransientError when the proxy is at fault; else the socket's own error, or the signal's reason.
 */
export async function connectTo(url: URL, options: ConnectOptions): Promise<Socket> {
  const { proxy, signal, secureContext, lookup } = options;
  const host = bareHost(url);
  const port = url.port === "" ? (isSecure(url) ? 443 : 80) : Number(url.port);
  const socket = proxy === "direct" ? await openTcp({ host, port, lookup }, signal) : await dial(proxy, { host, port }, { signal, secureContext });
  return isSecure(url) ? openTls({ socket, host, secureContext }, signal) : socket;
}
