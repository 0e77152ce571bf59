import { inspect } from "node:util";
import { safeParse, type BaseIssue, type GenericSchema } from "valibot";
import type { FieldDefinition } from "../contract/definition.ts";
import { ConfigError, type ConfigProblem } from "../contract/errors.ts";
import { excerpt } from "../secrets/redact.ts";

const SHOWN_CHARS = 60;

/** Where a section stands in the file, and what its keys are. */
export interface SectionPlace {
  /** Dotted, from the top of the file: `"channels_config.mochat"`. */
  readonly path: string;
  /** Tells which values must not be shown. */
  readonly fields: readonly FieldDefinition[];
}

/**
 * Reads a section of the configuration through its schema.
 *
 * @throws ConfigError with every problem at once. The schema's message says what is allowed; what was found is shown
 * short, of a secret only its type.
 */
export function parseSection<T>(schema: GenericSchema<unknown, T>, input: unknown, place: SectionPlace): T {
  const result = safeParse(schema, input);
  if (result.success) return result.output;
  throw new ConfigError(result.issues.map((issue) => problemOf(issue, place)));
}

function problemOf({ path, input, message }: BaseIssue<unknown>, place: SectionPlace): ConfigProblem {
  const keys = (path ?? []).map(({ key }) => String(key));
  return { path: [place.path, ...keys].join("."), found: describe(input, fieldAt(keys, place.fields)), allowed: message };
}

/** The definition of the deepest key that has one: an item of a list is as secret as the list. */
function fieldAt([key, ...deeper]: readonly string[], fields: readonly FieldDefinition[]): FieldDefinition | undefined {
  const field = fields.find((candidate) => candidate.key === key);
  return (field?.fields && fieldAt(deeper, field.fields)) ?? field;
}

function describe(value: unknown, field: FieldDefinition | undefined): string {
  if (value === undefined || value === null) return "nothing";
  const type = typeOf(value);
  if (type === "a table") return type;
  // A password may stand anywhere in what is no text but should be an address.
  const isHidden = field?.isSecret === true || (field?.type === "url" && typeof value === "object");
  return `${type} (${isHidden ? "not shown" : show(value, field)})`;
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  return typeof value === "object" ? "a table" : `a ${typeof value}`;
}

function show(value: unknown, field: FieldDefinition | undefined): string {
  if (typeof value !== "string") return excerpt(inspect(value, { breakLength: Infinity }), SHOWN_CHARS);
  return `"${excerpt(field?.type === "url" ? withoutCredentials(value) : value, SHOWN_CHARS)}"`;
}

/** Works on text, because what stands here is often no URL at all. */
function withoutCredentials(url: string): string {
  return url.replace(/^.*@/s, "***@").replace(/[?#].*$/s, "?***");
}
