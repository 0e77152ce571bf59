import type { FieldDefinition } from "@revka/core";
import { nearestKey } from "./nearest-key.ts";
import { isTable, type Table } from "./table.ts";

/** What to say of a key that means nothing here. */
export function unknownKeyWarning(path: string, known: readonly string[]): string {
  const nearest = nearestKey(path.slice(path.lastIndexOf(".") + 1), known);
  const hint = nearest === undefined ? "" : ` The nearest known key is "${nearest}".`;
  return `Unknown config key ignored: "${path}". Check config.toml for typos or deprecated options.${hint}`;
}

/** A warning for each key of `table`, at any depth, that `fields` do not name. */
export function unknownKeyWarnings(table: Table, fields: readonly FieldDefinition[], path: string): string[] {
  const known = fields.map(({ key }) => key);
  return Object.entries(table).flatMap(([key, value]) => {
    const field = fields.find((candidate) => candidate.key === key);
    const fullPath = `${path}.${key}`;
    if (field === undefined) return [unknownKeyWarning(fullPath, known)];
    return field.fields !== undefined && isTable(value) ? unknownKeyWarnings(value, field.fields, fullPath) : [];
  });
}
