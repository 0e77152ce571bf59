import * as v from "valibot";

// The platform adds fields and changes their types: what is not as it should be counts as absent.

/** A string, or absent. */
export const text: v.GenericSchema<unknown, string | undefined> = v.fallback(v.optional(v.string()), undefined);

/** A string that is not blank, or absent. */
export const id: v.GenericSchema<unknown, string | undefined> = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined);

/** What identifies something and becomes part of a key: longer ones the platform has none. */
export const key: v.GenericSchema<unknown, string | undefined> = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(256))), undefined);

/** A boolean, or absent. */
export const flag: v.GenericSchema<unknown, boolean | undefined> = v.fallback(v.optional(v.boolean()), undefined);

/** A number, given as such or in digits, or absent. */
export const number: v.GenericSchema<unknown, number | undefined> = v.fallback(
  v.optional(v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.regex(/^\s*-?\d+\s*$/), v.transform(Number))])),
  undefined,
);

/** An object, given as such or as JSON text; empty where it is neither. */
export const record: v.GenericSchema<unknown, Readonly<Record<string, unknown>>> = v.fallback(
  v.union([v.record(v.string(), v.unknown()), v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()))]),
  {},
);

/** A list of objects, each given as such or as JSON text; also the list may be JSON text. Empty where it is none. */
export const records: v.GenericSchema<unknown, readonly Readonly<Record<string, unknown>>[]> = v.fallback(
  v.union([v.array(record), v.pipe(v.string(), v.parseJson(), v.array(record))]),
  [],
);

/** `input` as `schema` reads it; for schemas that take everything. */
export function read<T>(schema: v.GenericSchema<unknown, T>, input: unknown): T {
  return v.parse(schema, input);
}
