import { backoffDelay, isChannelError, type Accept, type ChannelContext, type InboundMessage } from "@revka/core";
import { createFailureLog } from "./failure-log.ts";
import { LIMITS } from "./limits.ts";

/** Offers a message to the consumer at once. What it returns waits until the message is taken or given up. */
export type Offer = (message: InboundMessage) => () => Promise<void>;

/** Who is offered what, and until when. */
export interface OfferOptions {
  readonly accept: Accept;
  readonly context: ChannelContext;
  readonly signal: AbortSignal;
}

/**
 * Offers messages in the order of the calls; while the consumer is full, they wait.
 *
 * A message that the consumer refuses is offered again, each time after a longer wait. One that it cannot keep for now
 * (TransientError: its disk is full, say) is offered until it can, because nothing may be lost. Any other is given up
 * after three more times, with an error in the log: one bad message must not hold up all later ones for ever.
 *
 * What `Offer` returns rejects only when the signal aborts: then nobody is there to take the message.
 */
export function createOffer({ accept, context, signal }: OfferOptions): Offer {
  const { instance: channel, clock, logger, random } = context;

  async function offerOnce(message: InboundMessage): Promise<Refusal | undefined> {
    try {
      signal.throwIfAborted();
      await untilAborted(accept(message, { whenFull: "wait", signal }), signal);
      return undefined;
    } catch (error) {
      return { error };
    }
  }
  async function offerUntilTaken(message: InboundMessage, first: Promise<Refusal | undefined>): Promise<void> {
    const log = createFailureLog(logger, channel);
    let refusal = await first;
    for (let attempt = 1; refusal !== undefined; attempt += 1) {
      signal.throwIfAborted();
      const { error } = refusal;
      const fields = { messageId: message.id, error: String(error) };
      if (attempt > LIMITS.offerRetries && !isTransient(error)) {
        logger.error({ channel, ...fields }, "Mochat: giving up a message that the consumer refuses");
        return;
      }
      log.failed(fields, "Mochat: the consumer refused a message, offering it again");
      await clock.sleep(backoffDelay(attempt, BACKOFF, random), signal);
      refusal = await offerOnce(message);
    }
  }

  return (message) => {
    const first = offerOnce(message);
    return async () => {
      try {
        await offerUntilTaken(message, first);
      } catch (error) {
        logger.warn({ channel, messageId: message.id }, "Mochat: message channel closed");
        throw error;
      }
    };
  };
}

interface Refusal {
  readonly error: unknown;
}

const BACKOFF = { baseMs: LIMITS.offerBackoffMs, maxMs: LIMITS.backoffMaxMs, jitter: LIMITS.jitter } as const;

function isTransient(error: unknown): boolean {
  return isChannelError(error) && error.code === "transient";
}

/** Also ends the waiting for a consumer that does not look at the signal. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
