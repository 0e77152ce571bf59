import { createDecipheriv, createHash, timingSafeEqual } from "node:crypto";

const BLOCK_BYTES = 16;

/**
 * Decrypts what the platform posts: AES-256-CBC with the SHA-256 of the key, the first 16 bytes being the IV.
 *
 * Gives undefined where it is anything else: of a wrong length, badly padded, or made with another key.
 *
 * @param encrypted - base64.
 */
export function decryptEvent(encryptKey: string, encrypted: string): string | undefined {
  const bytes = Buffer.from(encrypted, "base64");
  if (bytes.length < 2 * BLOCK_BYTES || bytes.length % BLOCK_BYTES !== 0) return undefined;
  const decipher = createDecipheriv("aes-256-cbc", sha256(encryptKey), bytes.subarray(0, BLOCK_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(BLOCK_BYTES)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}

/** The parts of a signed request. */
export interface SignedRequest {
  /** Seconds, as text. */
  readonly timestamp: string;
  readonly nonce: string;
  /** As it came: parsing and writing it again may change it. */
  readonly body: Uint8Array;
}

/** The signature of a request, in lower-case hex. */
export function signRequest(encryptKey: string, { timestamp, nonce, body }: SignedRequest): string {
  return createHash("sha256").update(timestamp + nonce + encryptKey).update(body).digest("hex");
}

/** Whether two secrets are the same, in a time that tells nothing about how much of them is. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
