import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** How an encrypted value begins in the file. */
export const ENCRYPTED = "enc2:";
/** How values of the original's first version begin: XOR with the key, read but never written. */
export const LEGACY = "enc:";

const ALGORITHM = "chacha20-poly1305";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEX = /^(?:[\da-f]{2})*$/i;

/** Whether a value of the file is encrypted, in either way. */
export function isEncrypted(value: string): boolean {
  return value.startsWith(ENCRYPTED) || value.startsWith(LEGACY);
}

/**
 * Encrypts a secret for the file: `enc2:` and, in hex, nonce, ciphertext and tag of ChaCha20-Poly1305.
 * @param key - 32 bytes.
 */
export function encryptSecret(secret: string, key: Uint8Array, nonce: Uint8Array = randomBytes(NONCE_BYTES)): string {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  const sealed = Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return ENCRYPTED + sealed.toString("hex");
}

/** The secret in an `enc2:` or `enc:` value; undefined when it was not encrypted with this key, or is damaged. */
export function decryptSecret(value: string, key: Uint8Array): string | undefined {
  const isCurrent = value.startsWith(ENCRYPTED);
  const hex = value.slice(isCurrent ? ENCRYPTED.length : LEGACY.length);
  if (!HEX.test(hex)) return undefined;
  const bytes = Buffer.from(hex, "hex");
  return isCurrent ? open(bytes, key) : decode(bytes.map((byte, index) => byte ^ (key[index % key.length] ?? 0)));
}

function open(sealed: Buffer, key: Uint8Array): string | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return decode(Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]));
  } catch {
    return undefined;
  }
}

/** A wrong key gives bytes that are no text: better nothing than a wrong secret. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
