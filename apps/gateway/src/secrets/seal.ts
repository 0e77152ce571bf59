import { ConfigError, type FieldDefinition } from "@revka/core";
import { isTable, type Table } from "../config/table.ts";
import { decryptSecret, encryptSecret, isEncrypted } from "./cipher.ts";
import { createKey, readKeys } from "./key-file.ts";
import { isSecretValue } from "./secret-value.ts";

/** A value of a secret key becomes another; `place` is its dotted path. */
type Turn = (value: string, place: string) => string;

/** Encrypts every secret of a table that stands there in plain text; a reference is none. */
export function sealTable(table: Table, fields: readonly FieldDefinition[], key: Uint8Array): Table {
  return turnSecrets(table, { fields, path: "" }, (value) => (isPlain(value) ? encryptSecret(value, key) : value));
}

/** Whether a table has anything to encrypt. */
export function holdsPlainSecret(table: Table, fields: readonly FieldDefinition[]): boolean {
  let isFound = false;
  turnSecrets(table, { fields, path: "" }, (value) => {
    isFound ||= isPlain(value);
    return value;
  });
  return isFound;
}

function isPlain(value: string): boolean {
  return !isEncrypted(value) && value.trim() !== "" && !value.includes("${");
}

/**
 * Decrypts every encrypted secret of a table.
 * @throws ConfigError naming the first that none of the keys opens.
 */
export function unsealTable(table: Table, { fields, path }: { readonly fields: readonly FieldDefinition[]; readonly path: string }, keys: readonly Uint8Array[]): Table {
  return turnSecrets(table, { fields, path }, (value, place) => {
    if (!isEncrypted(value)) return value;
    const secret = keys.map((key) => decryptSecret(value, key)).find((opened) => opened !== undefined);
    if (secret !== undefined) return secret;
    throw new ConfigError([{ path: place, found: "an encrypted value that is damaged, or was encrypted with another key", allowed: "a value encrypted with this folder's key" }]);
  });
}

/**
 * The key to encrypt with; the first time, one is made.
 * @throws ConfigError when the key cannot be read, or is missing although something was encrypted with it.
 */
export function obtainKey(folder: string, root: Table): Uint8Array {
  const reading = readKeys(folder);
  if ("keys" in reading) return reading.keys[0];
  if (reading.isMissing && !holdsEncrypted(root)) return createKey(folder);
  throw new ConfigError([{ path: "secrets", found: `encrypted values, but ${reading.reason}`, allowed: "the key that they were encrypted with" }]);
}

/** Whether anything in a table, at any depth, is encrypted. */
export function holdsEncrypted(root: Table): boolean {
  return encryptedPlaces(root).length > 0;
}

/** The dotted paths of whatever is encrypted in a value, at any depth; `place` is its own. */
export function encryptedPlaces(value: unknown, place = ""): readonly string[] {
  if (typeof value === "string") return isEncrypted(value) ? [place] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => encryptedPlaces(item, `${place}[${index}]`));
  return isTable(value) ? Object.entries(value).flatMap(([key, item]) => encryptedPlaces(item, place === "" ? key : `${place}.${key}`)) : [];
}

function turnSecrets(table: Table, { fields, path }: { readonly fields: readonly FieldDefinition[]; readonly path: string }, turn: Turn): Table {
  const entries = Object.entries(table).map(([key, value]): [string, unknown] => {
    const field = fields.find((candidate) => candidate.key === key);
    const place = path === "" ? key : `${path}.${key}`;
    if (isTable(value)) return [key, turnSecrets(value, { fields: field?.fields ?? [], path: place }, turn)];
    return [key, typeof value === "string" && isSecretValue(value, field) ? turn(value, place) : value];
  });
  return Object.fromEntries(entries);
}
