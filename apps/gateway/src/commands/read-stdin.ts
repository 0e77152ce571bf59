import { PayloadTooLargeError } from "@revka/core";

const MAX_BYTES = 1024 * 1024;

/**
 * Standard input as text, without its last line end.
 *
 * @throws PayloadTooLargeError beyond 1 MiB.
 */
export async function readStdin(stdin: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new PayloadTooLargeError(`standard input is larger than ${MAX_BYTES} bytes`, { limit: MAX_BYTES, actual: size, unit: "bytes" });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8").replace(/\r?\n$/, "");
}
