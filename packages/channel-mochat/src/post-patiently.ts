import { backoffDelay, isChannelError, type ChannelContext, type HttpReply } from "@revka/core";
import { LIMITS } from "./limits.ts";
import { parseRetryAfter } from "./retry-after.ts";

/**
 * Makes a call that must not happen twice, and makes it again only where nothing was delivered: three times when the
 * bridge could not be reached, once when it asked for up to 30 s of patience.
 *
 * An unknown outcome is thrown at once.
 */
export async function postPatiently(post: () => Promise<HttpReply>, context: ChannelContext, signal?: AbortSignal): Promise<HttpReply> {
  const reply = await postUntilReached(post, context, signal);
  const isBusy = reply.status === 429 || reply.status === 503;
  const waitMs = isBusy ? parseRetryAfter(reply.headers.get("retry-after"), context.clock.now()) : undefined;
  if (waitMs === undefined || waitMs > LIMITS.sendRetryAfterMaxMs) return reply;
  context.logger.warn({ channel: context.instance, status: reply.status, delayMs: waitMs }, "Mochat: the bridge is busy, sending again");
  await context.clock.sleep(waitMs, signal);
  return postUntilReached(post, context, signal);
}

const BACKOFF = { baseMs: LIMITS.sendBackoffMs, maxMs: LIMITS.backoffMaxMs, jitter: LIMITS.jitter } as const;

async function postUntilReached(post: () => Promise<HttpReply>, { instance: channel, clock, logger, random }: ChannelContext, signal?: AbortSignal): Promise<HttpReply> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await post();
    } catch (error) {
      if (!isChannelError(error) || error.code !== "transient" || attempt > LIMITS.sendRetries) throw error;
      logger.warn({ channel, attempt, error: error.message }, "Mochat: nothing was delivered, trying again");
      await clock.sleep(backoffDelay(attempt, BACKOFF, random), signal);
    }
  }
}
