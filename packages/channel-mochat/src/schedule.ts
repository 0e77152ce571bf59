import { backoffDelay } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** How a poll went, as far as the next one is concerned. */
export type PollOutcome =
  /** `isDraining`: more waits, so the next poll need not. */
  | { readonly kind: "taken"; readonly isDraining: boolean }
  /** It failed for now; the bridge may have said how long to wait. */
  | { readonly kind: "failed"; readonly retryAfterMs?: number }
  /** The bridge refuses us until somebody changes something. */
  | { readonly kind: "refused" };

/** What the times of polls depend on. */
export interface Schedule {
  /** In a row. */
  readonly failures: number;
  /** Polls in a row that were followed by the next without a pause. */
  readonly immediate: number;
}

/** Before the first poll. */
export const FIRST: Schedule = { failures: 0, immediate: 0 };

/** What holds for all polls. */
export interface Pacing {
  readonly intervalMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A step of the schedule, and the wait from the end of this poll to the start of the next. */
export interface NextPoll {
  readonly schedule: Schedule;
  readonly delayMs: number;
}

/**
 * When to poll again.
 *
 * After a success it is the plain interval, or nothing while a backlog is drained. Failures double the wait up to 60 s,
 * with jitter; a refusal waits about 60 s every time.
 */
export function nextPoll({ failures, immediate }: Schedule, outcome: PollOutcome, pacing: Pacing): NextPoll {
  if (outcome.kind !== "taken") {
    const attempt = failures + 1;
    return { schedule: { failures: attempt, immediate: 0 }, delayMs: outcome.kind === "refused" ? refusedDelay(pacing) : failedDelay(attempt, outcome, pacing) };
  }
  if (outcome.isDraining && immediate < LIMITS.immediatePolls) return { schedule: { failures: 0, immediate: immediate + 1 }, delayMs: 0 };
  return { schedule: FIRST, delayMs: pacing.intervalMs };
}

function refusedDelay({ intervalMs, random }: Pacing): number {
  const baseMs = Math.max(LIMITS.refusedDelayMs, intervalMs);
  return backoffDelay(1, { baseMs, maxMs: baseMs * (1 + LIMITS.jitter), jitter: LIMITS.jitter }, random);
}

/** Never much below the plain interval, which may be longer than the longest backoff. */
function failedDelay(attempt: number, { retryAfterMs = 0 }: { readonly retryAfterMs?: number }, { intervalMs, random }: Pacing): number {
  const baseMs = Math.max(intervalMs, LIMITS.minIntervalMs);
  const backoffMs = backoffDelay(attempt, { baseMs, maxMs: LIMITS.backoffMaxMs, jitter: LIMITS.jitter }, random);
  return Math.max(backoffMs, intervalMs * (1 - LIMITS.jitter), retryAfterMs);
}

/** What a page tells about whether more waits. */
export interface PageSize {
  readonly count: number;
  readonly newCount: number;
  readonly hasMore: boolean;
  /** Without this the next poll would bring the same page. */
  readonly hasCursorMoved: boolean;
}

/** Whether the page is part of a backlog: the bridge says so, or the page is large and not all known. */
export function isDraining({ count, newCount, hasMore, hasCursorMoved }: PageSize): boolean {
  return hasCursorMoved && (hasMore || (count >= LIMITS.fullPageCount && newCount > 0));
}
