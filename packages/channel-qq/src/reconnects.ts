import { isChannelError, type ChannelContext, type NextStep } from "@revka/core";
import type { Verdict } from "./close-codes.ts";
import { LIMITS } from "./limits.ts";

/** Decides when the next connection is made. */
export interface Reconnects {
  /** A connection was made. */
  opened(): void;
  /** A session stands on it, which ends a row of failures. */
  settled(): void;
  /** What the end of it means; without, its error decides. */
  judge(verdict: Verdict): void;
  /** What an operator should know of the last end. */
  readonly advice: string | undefined;
  /** What comes now that it has ended, or could not be made. */
  next(error?: unknown): NextStep;
}

/**
 * Waits 1, 2, 5, 10, 30 and then 60 s, up or down by a fifth, until a session stands; a minute where the platform finds
 * that we ask too much, or three connections in a row broke within 5 s.
 */
export function createReconnects({ clock, random }: Pick<ChannelContext, "clock" | "random">): Reconnects {
  let failures = 0;
  let quickEnds = 0;
  let openedAt: number | undefined;
  let verdict: Verdict | undefined;
  let advice: string | undefined;

  function isFlapping(): boolean {
    const isQuick = openedAt !== undefined && clock.monotonic() - openedAt < LIMITS.quickEndMs;
    openedAt = undefined;
    quickEnds = isQuick ? (quickEnds + 1) % LIMITS.quickEnds : 0;
    return isQuick && quickEnds === 0;
  }

  return {
    opened() {
      openedAt = clock.monotonic();
    },
    settled() {
      failures = 0;
    },
    judge(given) {
      verdict = given;
    },
    get advice() {
      return advice;
    },
    next(error) {
      failures += 1;
      const backoff = backoffAfter(failures, random);
      const step = verdict === undefined ? afterError(error, backoff) : afterVerdict(verdict, backoff);
      advice = verdict?.advice;
      verdict = undefined;
      const isShort = typeof step === "object" && step.waitMs < LIMITS.pauseMs;
      return isFlapping() && isShort ? { waitMs: LIMITS.pauseMs } : step;
    },
  };
}

function backoffAfter(failures: number, random: () => number): NextStep {
  const waitMs = LIMITS.reconnectMs[Math.min(failures, LIMITS.reconnectMs.length) - 1] ?? LIMITS.pauseMs;
  return { waitMs: Math.round(waitMs * (1 + LIMITS.reconnectJitter * (2 * random() - 1))) };
}

function afterVerdict({ next }: Verdict, backoff: NextStep): NextStep {
  switch (next) {
    case "now":
      return { waitMs: 0 };
    case "soon":
      return { waitMs: LIMITS.invalidSessionMs };
    case "pause":
      return { waitMs: LIMITS.pauseMs };
    case "probe":
      return { waitMs: LIMITS.probeMs, state: "failed" };
    case "stop":
      return "fatal";
    case "backoff":
      return backoff;
  }
}

function afterError(error: unknown, backoff: NextStep): NextStep {
  if (!isChannelError(error)) return backoff;
  if (error.code === "auth") return { waitMs: LIMITS.pauseMs, state: "failed" };
  return error.code === "rate-limit" ? { waitMs: Math.max(error.retryAfterMs, LIMITS.pauseMs) } : backoff;
}
