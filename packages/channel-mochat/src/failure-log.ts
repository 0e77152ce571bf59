import type { LogCall, Logger } from "@revka/core";
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

  function levelOf(next: "failed" | "refused"): LogCall {
    if (kind !== next) count = 0;
    kind = next;
    count += 1;
    if (next === "refused") return count === 1 ? logger.error : logger.debug;
    return count === 1 || count % LIMITS.warnEvery === 0 ? logger.warn : logger.debug;
  }
  function log(next: "failed" | "refused", fields: Readonly<Record<string, unknown>>, message: string): void {
    const call = levelOf(next);
    call.call(logger, { channel, attempt: count, ...fields }, message);
  }

  return {
    failed: (fields, message) => log("failed", fields, message),
    refused: (fields, message) => log("refused", fields, message),
    recovered(message) {
      if (kind !== undefined) logger.info({ channel, attempts: count }, message);
      kind = undefined;
    },
  };
}
