/** Numbers from here on are ms; as seconds they would lie beyond the year 5000. */
const FIRST_MS = 1e11;
const LAST_MS = 8.64e15;

/** Reads seconds, ms or an ISO 8601 date as epoch ms; undefined for what is no instant after 1970. */
export function toEpochMs(value: string | number): number | undefined {
  const number = Number(value);
  const ms = Number.isNaN(number) ? Date.parse(String(value)) : Math.round(number < FIRST_MS ? number * 1000 : number);
  return ms > 0 && ms <= LAST_MS ? ms : undefined;
}
