import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, type TLSSocket } from "node:tls";
import { onceAborted } from "./deadline.ts";

/** Where a plain connection goes. */
export interface TcpTarget {
  /** A name or a literal address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** How the name is resolved; the system's resolver by default. */
  readonly lookup?: LookupFunction | undefined;
}

/** What a TLS connection is made of. */
export interface TlsTarget {
  /** The connected transport underneath; destroyed when the handshake fails. */
  readonly socket: Socket;
  /** Who must be at the other end. */
  readonly host: string;
  readonly secureContext?: SecureContext | undefined;
}

/** Opens a TCP connection. Rejects with the socket's own error or the signal's reason, and then nothing is left open. */
export function openTcp(target: TcpTarget, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const { host, port, lookup } = target;
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000, ...(lookup && { lookup }) });
  return settle(socket, "connect", signal);
}

/** Speaks TLS over a connected socket and checks the certificate. Rejects as `openTcp` does. */
export async function openTls(target: TlsTarget, signal: AbortSignal): Promise<TLSSocket> {
  const { socket, host, secureContext } = target;
  try {
    signal.throwIfAborted();
    const secured = connectTls({
      socket,
      host,
      ALPNProtocols: ["http/1.1"],
      ...(isIP(host) === 0 && { servername: host }),
      ...(secureContext && { secureContext }),
    });
    return await settle(secured, "secureConnect", signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function settle<T extends Socket>(socket: T, event: "connect" | "secureConnect", signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = onceAborted(signal, () => finish(() => {
      socket.destroy();
      reject(signal.reason as Error);
    }));
    const onReady = (): void => finish(() => resolve(socket));
    const onError = (error: Error): void => finish(() => reject(error));
    const onClose = (): void => onError(new TypeError("closed before it was open"));
    socket.once(event, onReady).once("error", onError).once("close", onClose);
    function finish(outcome: () => void): void {
      forget();
      socket.off(event, onReady).off("error", onError).off("close", onClose);
      socket.on("error", () => undefined);
      outcome();
    }
  });
}
