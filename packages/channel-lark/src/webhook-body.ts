import type { IncomingMessage } from "node:http";

/** What became of a request's body: its bytes, too many of them, or a client that left. */
export type ReadBody = { readonly bytes: Uint8Array } | "too-large" | "gone";

/** Reads a body whole. Of one that is too large the rest is thrown away as it comes, so that the client gets to read the answer. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve("too-large");
    });
    request.once("end", () => resolve({ bytes: Buffer.concat(chunks) }));
    request.once("close", () => resolve("gone"));
    request.once("error", () => resolve("gone"));
  });
}
