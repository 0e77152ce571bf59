import type { Socket } from "node:net";
import { withDeadline } from "./deadline.ts";
import { askHttpProxy } from "./dial-http.ts";
import { askSocksProxy } from "./dial-socks.ts";
import { isChannelError, TransientError } from "./errors.ts";
import { faultOf } from "./fault.ts";
import { bareHost, maskProxy } from "./proxy.ts";
import { openTcp, openTls } from "./tcp.ts";

/** Who is to be reached. */
export interface DialTarget {
  /** A name, which stays unresolved here, or a literal address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** How a dial is bounded. */
export interface DialOptions {
  readonly signal?: AbortSignal;
  /** Over everything: reaching the proxy, its TLS, its answers. @default 10_000 */
  readonly deadlineMs?: number;
}

const PROXY_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443, "socks5:": 1080 };

/**
 * Opens a connection to `target` through an HTTP (`CONNECT`) or SOCKS5 proxy, which resolves the name.
 *
 * The socket is handed over unread: whatever followed the proxy's answer comes out of it first.
 *
 * @throws TransientError when the proxy cannot be reached, refuses or stays silent; it names the proxy without its
 * credentials. A proxy is not the platform, so refused credentials are no AuthError.
 */
export async function dial(proxy: URL, target: DialTarget, options: DialOptions = {}): Promise<Socket> {
  const { signal, deadlineMs = 10_000 } = options;
  try {
    return await withDeadline(deadlineMs, signal, (bounded) => dialWithin(proxy, target, bounded));
  } catch (error) {
    if (signal?.aborted) throw error;
    const fault = isChannelError(error) ? error.message : faultOf(error);
    throw new TransientError(`proxy ${maskProxy(proxy)}: ${fault}`, { cause: error });
  }
}

async function dialWithin(proxy: URL, target: DialTarget, signal: AbortSignal): Promise<Socket> {
  const credentials = { user: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) };
  const proxyHost = bareHost(proxy);
  const proxyPort = proxy.port === "" ? PROXY_PORTS[proxy.protocol] ?? 80 : Number(proxy.port);
  const plain = await openTcp({ host: proxyHost, port: proxyPort }, signal);
  const socket = proxy.protocol === "https:" ? await openTls({ socket: plain, host: proxyHost }, signal) : plain;
  try {
    const ask = proxy.protocol === "socks5:" ? askSocksProxy : askHttpProxy;
    await ask(socket, { ...target, credentials }, signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
