import type { IncomingMessage } from "node:http";
import { pipeline, type Duplex, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { PayloadTooLargeError, TransientError } from "../contract/errors.ts";

/**
 * Reads an answer's body whole, undoing gzip, deflate and brotli.
 *
 * The cap counts what comes out of the decoder, so a small body that unpacks into a huge one is stopped as well.
 *
 * @throws PayloadTooLargeError at the first byte too many; any other error means the body did not arrive.
 */
export function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const announced = Number(response.headers["content-length"] ?? 0);
    const body = decoded(response);
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (actual: number): void => {
      body.destroy(new PayloadTooLargeError(`the answer is larger than ${maxBytes} bytes`, { limit: maxBytes, actual, unit: "bytes" }));
    };
    body.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) stop(length);
      else chunks.push(chunk);
    });
    body.once("end", () => resolve(Buffer.concat(chunks, length)));
    body.on("error", reject);
    body.once("close", () => reject(new TransientError("the answer broke off")));
    if (announced > maxBytes) stop(announced);
  });
}

function decoded(response: IncomingMessage): Readable {
  const decoder = createDecoder(response.headers["content-encoding"]?.trim().toLowerCase());
  return decoder === undefined ? response : pipeline(response, decoder, () => undefined);
}

function createDecoder(encoding: string | undefined): Duplex | undefined {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}
