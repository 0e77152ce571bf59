import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "../config/read-file.ts";

/** The keys that a folder's values may be encrypted with, or why there are none; the reason is safe to print. */
export type KeyReading = { readonly keys: readonly [Uint8Array, ...Uint8Array[]] } | { readonly reason: string; readonly isMissing: boolean };

const KEY_BYTES = 32;

/** Where the key of a configuration folder is. */
export function keyFileOf(folder: string): string {
  return join(folder, ".secret_key");
}

/** Where the next key waits while the values are encrypted anew. */
function nextKeyFileOf(folder: string): string {
  return `${keyFileOf(folder)}.next`;
}

/**
 * Reads the key of a configuration folder: 64 hex digits. A second one comes with it where a rotation was cut short: the
 * values are encrypted with either.
 */
export function readKeys(folder: string): KeyReading {
  const current = readKey(keyFileOf(folder));
  if (!("key" in current)) return current;
  const next = readKey(nextKeyFileOf(folder));
  return { keys: "key" in next ? [current.key, next.key] : [current.key] };
}

/**
 * Makes a key where there is none yet, for its owner's eyes only.
 *
 * Never call it while encrypted values exist: they could not be read any more.
 * @throws what the file system says, `EEXIST` among it.
 */
export function createKey(folder: string): Uint8Array {
  return writeKey(keyFileOf(folder));
}

/** Makes the key that is to follow, or gives the one that waits already. From now on values encrypted with it can be read. */
export function prepareNextKey(folder: string): Uint8Array {
  const waiting = readKey(nextKeyFileOf(folder));
  return "key" in waiting ? waiting.key : writeKey(nextKeyFileOf(folder));
}

/** Puts the next key in the place of the key: the old one is gone, and with it every value that only it can read. */
export function promoteNextKey(folder: string): void {
  renameSync(nextKeyFileOf(folder), keyFileOf(folder));
}

function readKey(file: string): { readonly key: Uint8Array } | { readonly reason: string; readonly isMissing: boolean } {
  const reading = readTextFile(file);
  if (!("text" in reading)) return { reason: reading.isMissing ? `${file} does not exist` : `${file} cannot be read (${reading.reason})`, isMissing: reading.isMissing };
  const key = keyIn(reading.text);
  return key === undefined ? { reason: `${file} does not hold 64 hex digits`, isMissing: false } : { key };
}

/** The key that a file's text is; undefined when it is none. */
export function keyIn(text: string): Uint8Array | undefined {
  const hex = text.trim();
  return /^[\da-f]{64}$/i.test(hex) ? Buffer.from(hex, "hex") : undefined;
}

/** Makes a key in a file, in the place of whatever stands there: that can be read no more. */
export function replaceKeyFile(file: string): Uint8Array {
  return writeKey(file, "w");
}

function writeKey(file: string, flag: "w" | "wx" = "wx"): Uint8Array {
  const key = randomBytes(KEY_BYTES);
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  const descriptor = openSync(file, flag, 0o600);
  try {
    writeSync(descriptor, `${key.toString("hex")}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return key;
}
