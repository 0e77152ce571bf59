/** Mochat's numbers, from the project's own contract: there is no public server to measure. */
export const LIMITS = {
  /** Messages that wait to be polled; the oldest are forgotten beyond it. */
  retainedCount: 100_000,
  /** Messages in one answer. */
  pageCount: 100,
  /** Sent messages, and transcript lines, that are kept. */
  keptCount: 10_000,
  /** Idempotency keys that are remembered, and for how long. */
  idempotencyCount: 10_000,
  idempotencyMs: 86_400_000,
} as const;
