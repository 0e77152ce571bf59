import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { onceAborted } from "../dialling/deadline.ts";
import { AuthError, TransientError, type ChannelError } from "../contract/errors.ts";

/** A WebSocket handshake that was answered with an ordinary HTTP status. */
export interface HandshakeRefusal {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the handshake is made of. */
export interface Handshake {
  readonly url: URL;
  /** Connected and secured. */
  readonly connection: Socket;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxFrameBytes: number;
  readonly toRefusalError: (refusal: HandshakeRefusal) => ChannelError;
}

/**
 * Upgrades a connection to a WebSocket, without compression: our frames are small and it costs memory per connection.
 *
 * The signal is the only time limit, because the library's own one does not run on a connection it did not make.
 * It resolves with a socket that is paused: listen, then resume.
 * Rejects with the refusal's error, the connection's own or the signal's reason, and then nothing is left open.
 */
export function shakeHands(handshake: Handshake, signal: AbortSignal): Promise<WebSocket> {
  const { url, connection, headers, maxFrameBytes, toRefusalError } = handshake;
  const socket = new WebSocket(url, {
    createConnection: () => connection,
    headers: { "user-agent": "revka-core", ...headers },
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    followRedirects: false,
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      forget();
      reject(error);
      socket.terminate();
      connection.destroy();
    };
    const forget = onceAborted(signal, () => fail(signal.reason as Error));
    socket.on("error", fail);
    socket.once("unexpected-response", (_request, response) => fail(toRefusalError(refusalOf(response))));
    socket.once("open", () => {
      forget();
      socket.off("error", fail);
      // A frame may have come along with the answer, before anybody listens.
      socket.pause();
      resolve(socket);
    });
  });
}

/** What a refusal means where the platform says nothing more: 401 and 403 are about credentials, anything else may pass. */
export function refusalError({ status }: HandshakeRefusal): ChannelError {
  const message = `the WebSocket handshake was refused with status ${status}`;
  return status === 401 || status === 403 ? new AuthError(message, { platformCode: String(status) }) : new TransientError(message, { status });
}

function refusalOf(response: IncomingMessage): HandshakeRefusal {
  const headers = Object.entries(response.headersDistinct).map(([name, values = []]): [string, string] => [name, values.join(", ")]);
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers) };
}
