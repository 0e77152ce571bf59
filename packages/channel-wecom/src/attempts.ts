import { backoffDelay, isChannelError, type ChannelContext, type Pace, type StatusRecorder } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** How one call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * How often it is tried while nothing is delivered.
   * @default 3
   */
  readonly maxTries?: number;
}

/** Makes a call, and makes it again where that can do no harm. */
export type Attempts = <T>(call: () => Promise<T>, options?: CallOptions) => Promise<T>;

/** What all calls with one key share. */
export interface AttemptsOptions {
  readonly context: ChannelContext;
  readonly pace: Pace;
  readonly status: StatusRecorder;
}

/**
 * Makes every call wait for its turn, and tries again what failed for now.
 *
 * A rate limit holds back every call with this key until the platform's window is over. A busy platform or a
 * refused connection is tried again after a short wait. Anything else is thrown at once: an unknown outcome most of
 * all, for whoever reads the chat a message twice is worse than an error.
 */
export function createAttempts({ context, pace, status }: AttemptsOptions): Attempts {
  const { instance: channel, clock, logger, random } = context;
  return async (call, { signal, maxTries = LIMITS.maxTries } = {}) => {
    for (let attempt = 1; ; attempt += 1) {
      await pace.wait(signal);
      try {
        const result = await call();
        status.set("connected");
        return result;
      } catch (error) {
        if (!isChannelError(error)) throw error;
        if (error.code === "auth") status.set("failed", error.message);
        if (error.code === "transient" || error.code === "unknown-outcome") status.set("backoff", error.message);
        if (error.code === "rate-limit") pace.pause(error.retryAfterMs);
        if (attempt >= maxTries || (error.code !== "transient" && error.code !== "rate-limit")) throw error;
        logger.warn({ channel, attempt, error: error.message }, "WeCom: nothing was delivered, trying again");
        if (error.code === "transient") await clock.sleep(backoffDelay(attempt, BACKOFF, random), signal);
      }
    }
  };
}

const BACKOFF = { baseMs: LIMITS.backoffBaseMs, maxMs: LIMITS.backoffMaxMs, jitter: 0.2 } as const;
