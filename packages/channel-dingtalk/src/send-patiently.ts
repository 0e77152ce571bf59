import { backoffDelay, isChannelError, type ChannelContext } from "@revka/core";
import { LIMITS } from "./limits.ts";

const BACKOFF = { baseMs: LIMITS.sendBackoffMs, maxMs: LIMITS.backoffMaxMs, jitter: LIMITS.jitter } as const;

/** Answers of a server that did not get to the message. */
const NOT_REACHED: ReadonlySet<number | undefined> = new Set([undefined, 502, 503]);

/**
 * Makes a call that must not happen twice, and makes it again up to three times where nothing was delivered: no
 * connection, a busy platform, 502 or 503. An unknown outcome is thrown at once.
 */
export async function sendPatiently<T>(call: () => Promise<T>, { instance: channel, clock, logger, random }: ChannelContext, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const isRepeatable = isChannelError(error) && error.code === "transient" && NOT_REACHED.has(error.status);
      if (!isRepeatable || attempt > LIMITS.sendRetries) throw error;
      logger.warn({ channel, attempt, error: error.message }, "DingTalk: nothing was delivered, trying again");
      await clock.sleep(backoffDelay(attempt, BACKOFF, random), signal);
    }
  }
}
