import { createCipheriv, createHash, randomBytes } from "node:crypto";

/** What a body is signed with. */
export interface Signing {
  /** Seconds. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly encryptKey: string;
}

/**
 * Encrypts an event: base64 of the initialisation vector and of AES-256-CBC under the SHA-256 of the key.
 *
 * @param iv - 16 bytes; random unless given.
 */
export function encryptText(text: string, encryptKey: string, iv: Uint8Array = randomBytes(16)): string {
  const cipher = createCipheriv("aes-256-cbc", createHash("sha256").update(encryptKey).digest(), iv);
  return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final()]).toString("base64");
}

/** The signature of a body: hex of SHA-256 over timestamp, nonce, key and the bytes as they are sent. */
export function signBody(body: string, { timestamp, nonce, encryptKey }: Signing): string {
  return createHash("sha256").update(timestamp + nonce + encryptKey + body).digest("hex");
}
