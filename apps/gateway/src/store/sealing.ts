import { join } from "node:path";
import { readTextFile } from "../config/read-file.ts";
import { decryptSecret, encryptSecret, ENCRYPTED } from "../secrets/cipher.ts";
import { keyIn, replaceKeyFile } from "../secrets/key-file.ts";

/** Encrypts what is secret in the state database. */
export interface Sealing {
  seal(text: string): string;
  /** The text again; undefined where the key has gone. */
  open(sealed: string): string | undefined;
}

/** Where the key of a folder's state is. It is another than that of the configuration, which operators rotate. */
export function stateKeyFileOf(folder: string): string {
  return join(folder, ".state_key");
}

/** Whether a stored text is sealed: no JSON begins like this. */
export function isSealed(text: string): boolean {
  return text.startsWith(ENCRYPTED);
}

/**
 * Seals with the key of a folder, which is read or made at the first need. What a lost or damaged key had sealed is gone:
 * the ways to answer that stand in the state live for an hour or so anyway.
 */
export function createSealing(folder: string): Sealing {
  const file = stateKeyFileOf(folder);
  let known: Uint8Array | undefined;
  const present = (): Uint8Array | undefined => {
    const reading = readTextFile(file);
    return "text" in reading ? keyIn(reading.text) : undefined;
  };
  return {
    seal: (text) => encryptSecret(text, (known ??= present() ?? replaceKeyFile(file))),
    open(sealed) {
      known ??= present();
      return known && decryptSecret(sealed, known);
    },
  };
}
