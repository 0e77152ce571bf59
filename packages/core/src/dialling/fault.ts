/**
 * What went wrong in a connection, in a few words for a message: `ECONNREFUSED`, `no answer within 15000 ms`.
 *
 * Prefers the system's code to its sentence; the several attempts of one connect count as their first.
 */
export function faultOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return faultOf(error.errors[0]);
  if (!(error instanceof Error)) return "unknown fault";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
