import * as v from "valibot";

// The platform adds fields and leaves others out: what is not as it should be counts as absent.

/** A string, or absent. */
export const text: v.GenericSchema<unknown, string | undefined> = v.fallback(v.optional(v.string()), undefined);

/** A string that is not blank, or absent. */
export const id: v.GenericSchema<unknown, string | undefined> = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined);

/** What identifies something and becomes part of a key or a path: longer ones the platform has none. */
export const key: v.GenericSchema<unknown, string | undefined> = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(256))), undefined);

/** A number, given as such or in digits, or absent. */
export const number: v.GenericSchema<unknown, number | undefined> = v.fallback(
  v.optional(v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.regex(/^\s*-?\d+(?:\.\d+)?\s*$/), v.transform(Number))])),
  undefined,
);

/** An object, given as such or as JSON text; empty where it is neither. */
export const record: v.GenericSchema<unknown, Readonly<Record<string, unknown>>> = v.fallback(
  v.union([v.record(v.string(), v.unknown()), v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()))]),
  {},
);

/** A list of objects, those that are none left out; empty where it is no list. */
export const records: v.GenericSchema<unknown, readonly Readonly<Record<string, unknown>>[]> = v.fallback(
  v.pipe(
    v.array(v.unknown()),
    v.transform((items) => items.flatMap((item) => (v.is(anyRecord, item) ? [item] : []))),
  ),
  [],
);

const anyRecord = v.record(v.string(), v.unknown());
