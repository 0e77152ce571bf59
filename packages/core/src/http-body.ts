import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { PayloadTooLargeError, TransientError } from "./errors.ts";

/**
 * Reads an answer's body whole, undoing gzip, deflate and brotli.
 *
 * The cap counts what comes out of the decoder, so a small body that unpacks into a huge one is stopped as well.
 *
 * @throws PayloadTooLargeError at the first byte too many; any other error means the body did not arrive.
 */
export function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(response.headers["content-length"] ?? 0);
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes, announced));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const body = decoded(response);
    body.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) body.destroy(tooLarge(maxBytes, length));
      else chunks.push(chunk);
    });
    body.once("end", () => resolve(Buffer.concat(chunks, length)));
    body.once("error", reject);
    body.once("close", () => reject(new TransientError("the answer broke off")));
  });
}

function decoded(response: IncomingMessage): Readable {
  const decoder = decoderOf(response.headers["content-encoding"]?.trim().toLowerCase());
  if (decoder === undefined || !hasBody(response)) return response;
  return pipeline(response, decoder, () => undefined);
}

function decoderOf(encoding: string | undefined): ReturnType<typeof createGunzip> | ReturnType<typeof createBrotliDecompress> | undefined {
  if (encoding === "gzip" || encoding === "x-gzip") return createGunzip();
  if (encoding === "deflate") return createInflate();
  if (encoding === "br") return createBrotliDecompress();
  return undefined;
}

function hasBody(response: IncomingMessage): boolean {
  return response.statusCode !== 204 && response.statusCode !== 304 && response.headers["content-length"] !== "0";
}

function tooLarge(limit: number, actual: number): PayloadTooLargeError {
  return new PayloadTooLargeError(`the answer is larger than ${limit} bytes`, { limit, actual, unit: "bytes" });
}
