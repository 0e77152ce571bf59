/** How waiting grows from attempt to attempt. */
export interface BackoffOptions {
  /** The wait before the first retry. */
  readonly baseMs: number;
  /** No wait is longer, jitter included. */
  readonly maxMs: number;
  /**
   * `"full"`: anything between nothing and the whole wait, which spreads many clients best. A number: that share of
   * the wait up or down, e.g. 0.2.
   * @default "full"
   */
  readonly jitter?: "full" | number;
}

/**
 * How long to wait before the retry after `attempt` failures, in ms: the base, doubled with each one, up to the maximum.
 *
 * @param attempt - from 1.
 * @param random - uniform in [0, 1).
 */
export function backoffDelay(attempt: number, options: BackoffOptions, random: () => number): number {
  const { baseMs, maxMs, jitter = "full" } = options;
  const wait = Math.min(maxMs, baseMs * 2 ** Math.min(Math.max(attempt - 1, 0), 52));
  const jittered = jitter === "full" ? wait * random() : wait * (1 + jitter * (2 * random() - 1));
  return Math.min(maxMs, Math.round(jittered));
}
