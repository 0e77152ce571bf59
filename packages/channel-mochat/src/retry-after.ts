/**
 * What a `Retry-After` header asks for, in ms from `now` (epoch ms); undefined when there is none or it is neither
 * seconds nor a date. A date in the past is 0.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
