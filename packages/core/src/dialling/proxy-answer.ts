import type { Socket } from "node:net";
import { onceAborted } from "./deadline.ts";
import { TransientError } from "../contract/errors.ts";

/** What a proxy is asked for. */
export interface ProxyRequest {
  readonly host: string;
  readonly port: number;
  /** Both empty where the proxy needs none. */
  readonly credentials: { readonly user: string; readonly password: string };
}

/** The most a proxy may say before it must have made its point. */
const MAX_ANSWER_BYTES = 16_384;

/**
 * Reads one answer off `socket`; what came after it goes back, for whoever reads next.
 *
 * The socket is left as one that nobody has read from yet, neither paused nor flowing: an HTTP client that is given a
 * paused socket would wait for ever.
 *
 * @param lengthOf - the answer's length once enough of it is there to know.
 * @throws TransientError when the proxy hangs up first or talks too long.
 */
export function readAnswer(socket: Socket, lengthOf: (bytes: Buffer) => number | undefined, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const forget = onceAborted(signal, () => finish(() => reject(signal.reason as Error)));
    const onError = (error: Error): void => finish(() => reject(error));
    const onEnd = (): void => onError(new TransientError("hung up before it answered"));
    const onReadable = (): void => {
      for (let chunk: unknown; (chunk = socket.read()) !== null;) if (chunk instanceof Buffer) bytes = Buffer.concat([bytes, chunk]);
      const length = lengthOf(bytes);
      if (length !== undefined && bytes.length >= length) finish(() => {
        if (bytes.length > length) socket.unshift(bytes.subarray(length));
        resolve(bytes.subarray(0, length));
      });
      else if (bytes.length > MAX_ANSWER_BYTES) onError(new TransientError(`answer is longer than ${MAX_ANSWER_BYTES} bytes`));
    };
    socket.on("readable", onReadable).once("end", onEnd).once("close", onEnd).once("error", onError);
    function finish(outcome: () => void): void {
      forget();
      outcome();
      socket.off("readable", onReadable).off("end", onEnd).off("close", onEnd).off("error", onError);
    }
  });
}
