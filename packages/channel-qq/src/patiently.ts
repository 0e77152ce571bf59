import { backoffDelay, isChannelError, type ChannelContext } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** How a call is repeated. */
export interface Patience {
  readonly context: ChannelContext;
  readonly signal?: AbortSignal | undefined;
  /** Whether the call may also be repeated when it is unknown what became of it. */
  readonly isRepeatable: boolean;
}

const BACKOFF = { baseMs: LIMITS.retryBaseMs, maxMs: LIMITS.retryMaxMs, jitter: LIMITS.retryJitter } as const;

/** Makes a call, and makes it again after 1, 2 and 4 s where it certainly did nothing, or may be repeated all the same. */
export async function patiently<T>(call: () => Promise<T>, { context, signal, isRepeatable }: Patience): Promise<T> {
  const { instance: channel, clock, logger, random } = context;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt > LIMITS.retries || !mayHelp(error, isRepeatable)) throw error;
      logger.warn({ channel, attempt, error: String(error) }, "QQ: a call failed, trying again");
      await clock.sleep(backoffDelay(attempt, BACKOFF, random), signal);
    }
  }
}

/** A platform that asks for a long rest is not called again meanwhile. */
function mayHelp(error: unknown, isRepeatable: boolean): boolean {
  if (!isChannelError(error)) return false;
  if (error.code === "rate-limit") return error.retryAfterMs <= LIMITS.retryMaxMs;
  return error.code === "transient" || (error.code === "unknown-outcome" && isRepeatable);
}
