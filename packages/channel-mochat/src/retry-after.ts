import { LIMITS } from "./limits.ts";

/**
 * What a `Retry-After` header asks for, in ms from `now` (epoch ms): from 0, for a date in the past, to 5 min, for whatever
 * is beyond. Undefined when there is none, or it is neither seconds nor a date.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LIMITS.retryAfterMaxMs);
}
