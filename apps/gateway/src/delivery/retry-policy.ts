import { backoffDelay, isChannelError } from "@revka/core";

/** What the decision rests on besides the error. */
export interface RetryFacts {
  /** How often this part was tried, from 1. */
  readonly attempt: number;
  /** The platform shows a repeated send once. */
  readonly idempotentSend: boolean;
  readonly random: () => number;
}

const LIMITS = {
  baseMs: 500,
  maxMs: 60_000,
  jitter: 0.2,
  rateLimitMinMs: 1_000,
  /** Bad credentials: an operator has to mend them, and may be doing so. */
  authMs: 300_000,
} as const;

/** How long to wait before the same part is sent again; undefined when it must not be. */
export function retryDelay(error: unknown, { attempt, idempotentSend, random }: RetryFacts): number | undefined {
  if (!isChannelError(error)) return undefined;
  const backoff = (): number => backoffDelay(attempt, LIMITS, random);
  switch (error.code) {
    case "rate-limit":
      return Math.min(Math.max(error.retryAfterMs, LIMITS.rateLimitMinMs, backoff()), LIMITS.maxMs); // a platform may name no time, or too short a one
    case "transient":
      return backoff();
    case "unknown-outcome":
      return idempotentSend ? backoff() : undefined; // a repeat would show twice
    case "auth":
      return LIMITS.authMs;
    case "config":
    case "protocol":
    case "platform":
    case "too-large":
    case "no-route":
      return undefined;
  }
}
