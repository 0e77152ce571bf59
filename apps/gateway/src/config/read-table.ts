import { ConfigError, parseSection, type ConfigProblem, type FieldDefinition } from "@revka/core";
import type { GenericSchema } from "valibot";
import { decryptTable } from "../secrets/decrypt-table.ts";
import type { KeyReading } from "../secrets/key-file.ts";
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

/** Where the references and the encrypted values of a table are resolved. */
export interface TableSources extends ReferenceSources {
  /** Reads the keys that encrypted values may be encrypted with. */
  readonly secretKeys: () => KeyReading;
}

/** A table as it was read. */
export interface TableReading<T> {
  /** What the schema gave; absent when there are problems. */
  readonly value?: T;
  /** The table before its schema: references replaced, secrets decrypted, overrides in place. It holds secrets. */
  readonly table: Table;
  readonly problems: readonly ConfigProblem[];
}

/** Reads one table: references first, then encrypted values, then what the environment overrides, then the schema. Tells every problem at once. */
export function readTable<T>(
  declaration: TableDeclaration<T>,
  raw: unknown,
  { sources, overrides = [] }: { readonly sources: TableSources; readonly overrides?: readonly Override[] },
): TableReading<T> {
  const { path, fields } = declaration;
  if (!isTable(raw)) return { table: {}, ...parse(declaration, raw) };
  const table = omitKeys(raw, overrides.map(({ key }) => key));
  const interpolation = interpolate({ table, fields, path }, sources);
  const decryption = decryptTable({ table: interpolation.table, fields, path }, sources.secretKeys);
  const complete = { ...decryption.table, ...Object.fromEntries(overrides.map(({ key, value }) => [key, value])) };
  const before = [...interpolation.problems, ...decryption.problems];
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
