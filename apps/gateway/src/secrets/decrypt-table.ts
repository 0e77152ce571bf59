import type { ConfigProblem, FieldDefinition } from "@revka/core";
import { isTable, type Table } from "../config/table.ts";
import { decryptSecret, isEncrypted } from "./cipher.ts";
import type { KeyReading } from "./key-file.ts";
import { mayBeEncrypted } from "./secret-value.ts";

/** A table whose secrets are plain text; those that cannot be read are missing from it. */
export interface Decryption {
  readonly table: Table;
  readonly problems: readonly ConfigProblem[];
}

/** A table, how its keys are declared, and its dotted path. */
export interface SecretTable {
  readonly table: Table;
  readonly fields: readonly FieldDefinition[];
  readonly path: string;
}

const ALLOWED = "a value encrypted with this folder's key, plain text, ${NAME} or ${file:PATH}";

/** Decrypts what is encrypted in a table, those of its sub-tables included. The key is read only when there is need of it. */
export function decryptTable({ table, fields, path }: SecretTable, readKeys: () => KeyReading): Decryption {
  const problems: ConfigProblem[] = [];
  const entries = Object.entries(table).map(([key, value]): [string, unknown] => {
    const field = fields.find((candidate) => candidate.key === key);
    const place = `${path}.${key}`;
    if (isTable(value)) {
      const deeper = decryptTable({ table: value, fields: field?.fields ?? [], path: place }, readKeys);
      problems.push(...deeper.problems);
      return [key, deeper.table];
    }
    if (typeof value !== "string" || !mayBeEncrypted(field) || !isEncrypted(value)) return [key, value];
    const secret = open(value, readKeys());
    if (typeof secret === "string") return [key, secret];
    problems.push({ path: place, found: `an encrypted value, but ${secret.reason}`, allowed: ALLOWED });
    return [key, undefined];
  });
  return { table: Object.fromEntries(entries.filter(([, value]) => value !== undefined)), problems };
}

function open(value: string, reading: KeyReading): string | { readonly reason: string } {
  if (!("keys" in reading)) return reading;
  const secrets = reading.keys.map((key) => decryptSecret(value, key));
  return secrets.find((secret) => secret !== undefined) ?? { reason: "it is damaged, or was encrypted with another key" };
}
