import type { Logger } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** Logs failures in a row without flooding the log. */
export interface FailureLog {
  /** For now: the first of a streak is a warning, and each 20th after it; the others are for debugging. */
  failed(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Until an operator acts: an error, once. */
  refused(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Ends a streak, if there is one, and says so. */
  recovered(message: string): void;
}

/** A failure log without a streak. */
export function createFailureLog(logger: Logger, channel: string): FailureLog {
  let kind: "failed" | "refused" | undefined;
  let count = 0;

  function countOf(next: "failed" | "refused"): number {
    count = kind === next ? count + 1 : 1;
    kind = next;
    return count;
  }

  return {
    failed(fields, message) {
      const attempt = countOf("failed");
      const level = attempt === 1 || attempt % LIMITS.warnEvery === 0 ? "warn" : "debug";
      logger[level]({ channel, attempt, ...fields }, message);
    },
    refused(fields, message) {
      const attempt = countOf("refused");
      logger[attempt === 1 ? "error" : "debug"]({ channel, attempt, ...fields }, message);
    },
    recovered(message) {
      if (kind !== undefined) logger.info({ channel, attempts: count }, message);
      kind = undefined;
    },
  };
}
