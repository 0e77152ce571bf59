import * as v from "valibot";

/**
 * Reads the switches that a test sets.
 *
 * @throws TypeError that lists every switch that is unknown or has an impossible value.
 */
export function readSwitches<T>(schema: v.GenericSchema<unknown, T>, switches: unknown): T {
  const result = v.safeParse(schema, switches);
  if (result.success) return result.output;
  throw new TypeError(result.issues.map((issue) => `${v.getDotPath(issue) ?? "switches"}: ${issue.message}`).join("; "));
}
