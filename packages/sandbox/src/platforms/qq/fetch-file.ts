import { isLoopback } from "../../server/loopback.ts";
import { LIMITS } from "./limits.ts";

const UNREACHABLE = 850026;
const TOO_SLOW = 850027;
const TOO_LARGE = 850031;

/**
 * Fetches a file by its address as the platform does, but only from this machine.
 *
 * @param closing - ends it when it aborts.
 * @returns its bytes, or the platform's code for why there are none.
 */
export async function fetchFile(url: string, closing: AbortSignal): Promise<Uint8Array | number> {
  if (!/^https?:\/\//i.test(url) || !isLoopback(url)) return UNREACHABLE;
  const late = AbortSignal.timeout(LIMITS.fetchMs);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([late, closing]), redirect: "error" });
    return response.ok ? await readBounded(response) : UNREACHABLE;
  } catch {
    return late.aborted ? TOO_SLOW : UNREACHABLE;
  }
}

async function readBounded(response: Response): Promise<Uint8Array | number> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LIMITS.fetchBytes) return TOO_LARGE;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
