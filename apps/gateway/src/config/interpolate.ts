import type { ConfigProblem, FieldDefinition } from "@revka/core";
import { readAs } from "./read-as.ts";
import { isReference, resolveReferences, type ReferenceSources } from "./references.ts";
import { isTable, type Table } from "./table.ts";

/** A table with its references replaced; keys whose reference leads nowhere are missing from it. */
export interface Interpolation {
  readonly table: Table;
  readonly problems: readonly ConfigProblem[];
}

/** A table, how its keys are declared, and its dotted path. */
export interface DeclaredTable {
  readonly table: Table;
  readonly fields: readonly FieldDefinition[];
  readonly path: string;
}

/**
 * Replaces the references in every string of the table, lists and sub-tables included. It works on what the parser
 * gave, so a value cannot bring TOML of its own. A value that is one reference and nothing else takes its key's type.
 */
export function interpolate({ table, fields, path }: DeclaredTable, sources: ReferenceSources): Interpolation {
  const problems: ConfigProblem[] = [];

  const resolveText = (text: string, place: string, type: FieldDefinition["type"]): unknown => {
    const resolution = resolveReferences(text, sources);
    if ("text" in resolution) return isReference(text) ? readAs(type, resolution.text) : resolution.text;
    problems.push({ path: place, ...resolution });
    return undefined;
  };

  const resolveValue = (value: unknown, place: string, field: FieldDefinition | undefined): unknown => {
    if (typeof value === "string") return resolveText(value, place, field?.type ?? "string");
    if (Array.isArray(value)) return value.map((item: unknown) => resolveItem(item, place));
    return isTable(value) ? resolveTable(value, place, field?.fields ?? []) : value;
  };

  const resolveItem = (item: unknown, place: string): unknown => (typeof item === "string" ? resolveText(item, place, "string") : item);

  const resolveTable = (from: Table, place: string, known: readonly FieldDefinition[]): Table => {
    const entries = Object.entries(from).map(([key, value]): [string, unknown] => {
      const field = known.find((candidate) => candidate.key === key);
      return [key, resolveValue(value, `${place}.${key}`, field)];
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  };

  return { table: resolveTable(table, path, fields), problems };
}
