import { backoffDelay, isChannelError, type ChannelContext, type ChannelErrorCode, type ChannelState, type Pace, type StatusRecorder } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** How one call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * How often it is tried while it delivers nothing.
   * @default 3
   */
  readonly maxTries?: number;
}

/** Makes a call in its turn, and makes it again where that does no harm. */
export type Attempts = <T>(call: () => Promise<T>, options?: CallOptions) => Promise<T>;

/** What all calls with one key share. */
export interface AttemptsOptions {
  readonly context: ChannelContext;
  readonly pace: Pace;
  readonly status: StatusRecorder;
}

const BACKOFF = { baseMs: LIMITS.backoffBaseMs, maxMs: LIMITS.backoffMaxMs, jitter: 0.2 } as const;

/** What a failure says about the connection; the others say nothing about it. */
const STATE_AFTER: Partial<Record<ChannelErrorCode, ChannelState>> = {
  auth: "failed",
  "rate-limit": "backoff",
  transient: "backoff",
  "unknown-outcome": "backoff",
};

/**
 * Attempts that keep to `pace` and tell `status` what they find.
 *
 * A rate limit holds back every call with this key until the platform's window is over; a busy platform or a refused
 * connection only the call itself, for a moment. All else is thrown at once, an unknown outcome most of all: to those
 * who read the chat, a message that comes twice is worse than an error.
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
        const state = STATE_AFTER[error.code];
        if (state !== undefined) status.set(state, error.message);
        if (error.code === "rate-limit") pace.pause(error.retryAfterMs);
        if (attempt >= maxTries || (error.code !== "rate-limit" && error.code !== "transient")) throw error;
        const delayMs = error.code === "rate-limit" ? error.retryAfterMs : backoffDelay(attempt, BACKOFF, random);
        logger.warn({ channel, attempt, delayMs, error: error.message }, "WeCom: nothing was delivered, trying again");
        await clock.sleep(delayMs, signal);
      }
    }
  };
}
