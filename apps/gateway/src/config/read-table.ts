import { ConfigError, parseSection, type ConfigProblem, type FieldDefinition } from "@revka/core";
import type { GenericSchema } from "valibot";
import { interpolate } from "./interpolate.ts";
import { nearestKey } from "./nearest-key.ts";
import type { Override } from "./overrides.ts";
import type { ReferenceSources } from "./references.ts";
import { isTable, omitKeys, type Table } from "./table.ts";

/** What a table of the file may hold. */
export interface TableDeclaration<T> {
  /** Dotted, from the top of the file. */
  readonly path: string;
  readonly fields: readonly FieldDefinition[];
  readonly schema: GenericSchema<unknown, T>;
}

/** A table as it was read. */
export interface TableReading<T> {
  /** What the schema gave; absent when there are problems. */
  readonly value?: T;
  /** The table before its schema: references replaced, overrides in place. It holds secrets. */
  readonly table: Table;
  readonly problems: readonly ConfigProblem[];
}

/** Reads one table: references first, then what the environment overrides, then the schema. Tells every problem at once. */
export function readTable<T>(
  declaration: TableDeclaration<T>,
  raw: unknown,
  { sources, overrides = [] }: { readonly sources: ReferenceSources; readonly overrides?: readonly Override[] },
): TableReading<T> {
  const { path, fields } = declaration;
  if (!isTable(raw)) return { table: {}, ...parse(declaration, raw) };
  const table = omitKeys(raw, overrides.map(({ key }) => key));
  const interpolation = interpolate({ table, fields, path }, sources);
  const complete = { ...interpolation.table, ...Object.fromEntries(overrides.map(({ key, value }) => [key, value])) };
  const before = [...interpolation.problems, ...encryptedValues(complete, fields, path)];
  const { value, problems } = parse(declaration, complete);
  const own = problems.filter((problem) => !before.some((other) => isAtOrBelow(problem.path, other.path)));
  const all = [...before, ...own].map((problem) => withHint(problem, { raw, declaration, overrides }));
  return { table: complete, problems: all, ...(all.length === 0 && value !== undefined && { value }) };
}

function parse<T>({ schema, path, fields }: TableDeclaration<T>, input: unknown): { value?: T; problems: readonly ConfigProblem[] } {
  try {
    return { value: parseSection(schema, input, { path, fields }), problems: [] };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems };
    throw error;
  }
}

/** Ciphertext would be sent as the secret itself and refused by the platform with a puzzling error. */
function encryptedValues(table: Table, fields: readonly FieldDefinition[], path: string): ConfigProblem[] {
  return fields.flatMap(({ key, isSecret, fields: deeper = [] }) => {
    const value = table[key];
    if (isTable(value)) return encryptedValues(value, deeper, `${path}.${key}`);
    if (isSecret !== true || !isEncrypted(value)) return [];
    return [{ path: `${path}.${key}`, found: "an encrypted value, which this version cannot read", allowed: "plain text, ${NAME} or ${file:PATH}" }];
  });
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "string" && /^enc2?:/.test(value);
}

interface HintFacts {
  readonly raw: Table;
  readonly declaration: TableDeclaration<unknown>;
  readonly overrides: readonly Override[];
}

/** Adds where an override came from, or the misspelt key that is probably the missing one. */
function withHint(problem: ConfigProblem, { raw, declaration, overrides }: HintFacts): ConfigProblem {
  const key = problem.path.slice(declaration.path.length + 1);
  const override = overrides.find((candidate) => candidate.key === key);
  if (override !== undefined) return { ...problem, hint: `set by ${override.variable}` };
  if (key in raw) return problem;
  const strays = Object.keys(raw).filter((candidate) => !declaration.fields.some((field) => field.key === candidate));
  const stray = strays.find((candidate) => nearestKey(candidate, [key]) !== undefined);
  return stray === undefined ? problem : { ...problem, hint: `"${stray}" is probably meant to be "${key}"` };
}

function isAtOrBelow(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`);
}
