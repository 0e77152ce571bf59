import * as v from "valibot";

// The platform adds fields and changes their types: what is not as it should be counts as absent.

/** A string, or absent. */
export const text: v.GenericSchema<unknown, string | undefined> = v.fallback(v.optional(v.string()), undefined);

/** What identifies something, or absent: a string that is not blank, short enough to become part of a key; digits may come as a number. */
export const id: v.GenericSchema<unknown, string | undefined> = v.fallback(
  v.optional(v.pipe(v.union([v.string(), v.pipe(v.number(), v.safeInteger(), v.transform(String))]), v.trim(), v.nonEmpty(), v.maxLength(256))),
  undefined,
);

/** An address, or absent: a string that is not blank, and not endless. */
export const address: v.GenericSchema<unknown, string | undefined> = v.fallback(
  v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(4_096))),
  undefined,
);

/** A boolean, or absent. */
export const flag: v.GenericSchema<unknown, boolean | undefined> = v.fallback(v.optional(v.boolean()), undefined);

/** A finite number, given as such or in digits, or absent. */
export const number: v.GenericSchema<unknown, number | undefined> = v.fallback(
  v.optional(v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.regex(/^\s*-?\d+\s*$/), v.transform(Number), v.finite())])),
  undefined,
);

/** An object; empty where it is none. */
export const record: v.GenericSchema<unknown, Readonly<Record<string, unknown>>> = v.fallback(v.record(v.string(), v.unknown()), {});

/** A list of objects, without what in it is none; empty where it is no list. */
export const records: v.GenericSchema<unknown, readonly Readonly<Record<string, unknown>>[]> = v.pipe(
  v.fallback(v.array(v.unknown()), []),
  v.transform((items) => items.filter((item) => v.is(v.record(v.string(), v.unknown()), item))),
);

/** A list of strings, without what in it is none; empty where it is no list. */
export const texts: v.GenericSchema<unknown, readonly string[]> = v.pipe(
  v.fallback(v.array(v.unknown()), []),
  v.transform((items) => items.filter((item) => typeof item === "string")),
);

/** `input` as `schema` reads it; for schemas that take everything. */
export function read<T>(schema: v.GenericSchema<unknown, T>, input: unknown): T {
  return v.parse(schema, input);
}
