import type { FieldDefinition } from "@revka/core";
import { isTable, type Table } from "./table.ts";

/** Every secret value in a table, for the redactor: secret keys, and the credentials inside URLs. */
export function secretsOf(table: Table, fields: readonly FieldDefinition[]): string[] {
  return fields.flatMap(({ key, isSecret, fields: deeper }) => {
    const value = table[key];
    if (isTable(value)) return secretsOf(value, deeper ?? []);
    if (typeof value !== "string") return [];
    return isSecret === true ? [value, value.trim()] : credentialsOf(value);
  });
}

/** User and password of a URL, as they stand in it and decoded. */
export function credentialsOf(text: string): string[] {
  const url = URL.parse(text.trim());
  if (url === null) return [];
  return [url.username, url.password].flatMap((part) => (part === "" ? [] : [part, decoded(part)]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
