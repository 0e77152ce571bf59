import type { FieldDefinition } from "@revka/core";
import { lineOf, type KeyLines } from "../config/key-lines.ts";
import type { TableRecord } from "../config/table-record.ts";
import { isTable, tableOr, type Table } from "../config/table.ts";
import { isEncrypted } from "../secrets/cipher.ts";

/** Where a value comes from. */
export type Origin =
  | { readonly kind: "file"; readonly line?: number; readonly references?: readonly string[]; readonly isEncrypted?: true }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "default" }
  | { readonly kind: "unset" };

/** A key and what holds for it. Safe to print. */
export interface EffectiveKey {
  /** Dotted within its table. */
  readonly key: string;
  /** Of a secret `***`; absent where nothing holds, or where what stands in the file cannot be resolved. */
  readonly value?: unknown;
  readonly isSecret?: true;
  readonly origin: Origin;
}

const MASK = "***";

/** Every key that a table may have, with what holds for it and why, sub-tables included. */
export function effectiveKeys({ path, fields, raw, table, overrides }: TableRecord, lines: KeyLines): EffectiveKey[] {
  const collect = (known: readonly FieldDefinition[], from: { readonly raw: Table; readonly table: Table; readonly prefix: string }): EffectiveKey[] =>
    known.flatMap((field): EffectiveKey[] => {
      const key = from.prefix + field.key;
      const [rawValue, value] = [from.raw[field.key], from.table[field.key]];
      if (field.fields !== undefined) return collect(field.fields, { raw: tableOr(rawValue), table: tableOr(value), prefix: `${key}.` });
      const override = from.prefix === "" ? overrides.find((candidate) => candidate.key === field.key) : undefined;
      if (override !== undefined) return [{ key, ...shown(field, override.value), origin: { kind: "environment", variable: override.variable } }];
      // A blank text is as good as none.
      if (rawValue === undefined || isBlank(value)) return [{ key, ...absent(field) }];
      return [{ key, ...shown(field, value), origin: originInFile(rawValue, value, lineOf(lines, path === "" ? key : `${path}.${key}`)) }];
    });
  return collect(fields, { raw, table, prefix: "" });
}

function absent(field: FieldDefinition): Pick<EffectiveKey, "value" | "isSecret" | "origin"> {
  const secret = field.isSecret === true && { isSecret: true as const };
  return field.default === undefined || isBlank(field.default) ? { ...secret, origin: { kind: "unset" } } : { ...secret, value: field.default, origin: { kind: "default" } };
}

function shown({ isSecret, type }: FieldDefinition, value: unknown): Pick<EffectiveKey, "value" | "isSecret"> {
  if (isSecret === true) return { isSecret, ...(value !== undefined && { value: MASK }) };
  if (value === undefined) return {};
  return { value: type === "url" ? shownAddress(value) : value };
}

/** Without user, password and query: works on text, as what stands here may be no address at all. */
function shownAddress(value: unknown): string {
  if (typeof value !== "string") return MASK;
  return value.replace(/^(\w+:\/\/)?.*@/s, `$1${MASK}@`).replace(/[?#].*$/s, `?${MASK}`);
}

function originInFile(rawValue: unknown, value: unknown, line: number | undefined): Origin {
  const references = value === undefined ? [] : referencesIn(rawValue);
  return {
    kind: "file",
    ...(line !== undefined && { line }),
    ...(references.length > 0 && { references }),
    ...(typeof rawValue === "string" && isEncrypted(rawValue) && { isEncrypted: true as const }),
  };
}

/** What has not been resolved is not shown: it may be a secret with `${` in it. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (isTable(value) || typeof value !== "string") return [];
  return [...value.matchAll(/(?<!\$)\$\{(?:[A-Za-z_]\w*|file:[^}]*)\}/g)].map(([reference]) => reference);
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}
