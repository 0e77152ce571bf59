import { backoffDelay, isChannelError, type AnyChannelError, type ChannelContext, type Pace } from "@revka/core";
import { LIMITS } from "./limits.ts";

const BACKOFF = { baseMs: LIMITS.sendBackoffMs, maxMs: LIMITS.sendPatienceMs, jitter: 0.2 } as const;

/** How a call is made. */
export interface Patience {
  readonly context: ChannelContext;
  /** The call's turn in its chat. */
  readonly pace?: Pace;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a call that may be repeated, and repeats it a few times: when the platform asks to slow down for a moment, when
 * nothing was delivered, and also when nobody knows, for its `uuid` keeps it from being shown twice.
 */
export async function sendPatiently<T>(call: () => Promise<T>, { context, pace, signal }: Patience): Promise<T> {
  const { instance: channel, clock, logger, random } = context;
  for (let attempt = 1; ; attempt += 1) {
    await pace?.wait(signal);
    try {
      return await call();
    } catch (error) {
      if (!isChannelError(error)) throw error;
      if (error.code === "rate-limit") pace?.pause(error.retryAfterMs);
      const delayMs = delayAfter(error, attempt, random);
      if (delayMs > LIMITS.sendPatienceMs || attempt > LIMITS.sendRetries) throw error;
      logger.warn({ channel, attempt, delayMs, error: error.message }, "Lark: a message was not taken, trying again");
      await clock.sleep(delayMs, signal);
    }
  }
}

/** How soon the same call may work; never for an error that repeating does not mend. */
function delayAfter(error: AnyChannelError, attempt: number, random: () => number): number {
  if (error.code === "rate-limit") return error.retryAfterMs;
  return error.code === "transient" || error.code === "unknown-outcome" ? backoffDelay(attempt, BACKOFF, random) : Infinity;
}
