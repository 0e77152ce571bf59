import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { withDeadline } from "./deadline.ts";
import { askHttpProxy } from "./dial-http.ts";
import { askSocksProxy } from "./dial-socks.ts";
import { isChannelError, TransientError } from "../contract/errors.ts";
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
  /** Whom an `https` proxy is checked against; the system's authorities by default. */
  readonly secureContext?: SecureContext | undefined;
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
  const { signal, deadlineMs = 10_000, secureContext } = options;
  try {
    return await withDeadline(deadlineMs, signal, (bounded) => dialWithin(proxy, target, { signal: bounded, secureContext }));
  } catch (error) {
    if (signal?.aborted) throw error;
    const fault = isChannelError(error) ? error.message : faultOf(error);
    throw new TransientError(`proxy ${maskProxy(proxy)}: ${fault}`, { cause: error });
  }
}

interface DialMeans {
  readonly signal: AbortSignal;
  readonly secureContext: SecureContext | undefined;
}

async function dialWithin(proxy: URL, target: DialTarget, { signal, secureContext }: DialMeans): Promise<Socket> {
  const credentials = { user: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) };
  const proxyHost = bareHost(proxy);
  const proxyPort = proxy.port === "" ? PROXY_PORTS[proxy.protocol] ?? 80 : Number(proxy.port);
  const plain = await openTcp({ host: proxyHost, port: proxyPort }, signal);
  const socket = proxy.protocol === "https:" ? await openTls({ socket: plain, host: proxyHost, secureContext }, signal) : plain;
  try {
    const ask = proxy.protocol === "socks5:" ? askSocksProxy : askHttpProxy;
    await ask(socket, { ...target, credentials }, signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
