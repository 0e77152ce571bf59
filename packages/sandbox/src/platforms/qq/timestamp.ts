/** The platform's time zone, UTC+8. */
const OFFSET_MS = 28_800_000;

/** A time, epoch ms, as the platform writes it: `2026-11-22T10:15:04+08:00`. */
export function timestampOf(at: number): string {
  return `${new Date(at + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}
