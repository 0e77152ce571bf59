import { backoffDelay, isChannelError, type Accept, type ChannelContext, type InboundMessage } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** Who is handed what, and until when. */
export interface HandOverOptions {
  readonly accept: Accept;
  readonly context: ChannelContext;
  readonly signal: AbortSignal;
}

const BACKOFF = { baseMs: LIMITS.retryBaseMs, maxMs: LIMITS.pauseMs, jitter: LIMITS.reconnectJitter } as const;

/**
 * Hands messages to the host.
 *
 * One that the host refuses is offered again, each time after a longer wait: the platform replays only what a connection
 * missed, and nobody knows for how long. What the host cannot keep for now (TransientError: its disk is full, say) is
 * offered until it can. Any other is given up after three more times, with an error in the log: one bad message must not
 * hold up its conversation for ever.
 *
 * Rejects only when the signal aborts: then the message is left to the platform.
 */
export function createHandOver({ accept, context, signal }: HandOverOptions): (message: InboundMessage) => Promise<void> {
  const { instance: channel, clock, logger, random } = context;
  return async (message) => {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        await accept(message, { signal });
        return;
      } catch (error) {
        signal.throwIfAborted();
        const fields = { channel, messageId: message.id, attempt, error: String(error) };
        if (attempt > LIMITS.offerRetries && !(isChannelError(error) && error.code === "transient")) {
          logger.error(fields, "QQ: giving up a message that the host refuses");
          return;
        }
        logger[attempt === 1 ? "warn" : "debug"](fields, "QQ: the host refused a message, offering it again");
      }
      await clock.sleep(backoffDelay(attempt, BACKOFF, random), signal);
    }
  };
}
