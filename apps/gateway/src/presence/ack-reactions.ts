import type { Channel, Clock, InboundMessage, Logger } from "@revka/core";
import { describeError } from "../describe-error.ts";
import type { TreatmentOf } from "../treatment.ts";

/** The small signs that a message has arrived. */
export interface AckReactions {
  /** Reacts to an accepted message, where the channel can and the operator wants it. Nobody waits for it. */
  acknowledge(channel: Channel, message: InboundMessage): void;
}

/** What reactions are made with. */
export interface AckReactionsOptions {
  readonly treatmentOf: TreatmentOf;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hides secrets in what an error says. */
  readonly redact: (text: string) => string;
}

const LIMITS = {
  /** What takes longer does not count as under way any more. */
  timeoutMs: 5_000,
  atOnce: 64,
} as const;

/** Reactions, best effort: at most 64 are under way, further messages get none, and none is tried again. */
export function createAckReactions({ treatmentOf, clock, logger, redact }: AckReactionsOptions): AckReactions {
  /** When each began, oldest first. */
  const underWay = new Map<InboundMessage, number>();

  function forgetLate(): void {
    for (const [message, beganAt] of underWay) {
      if (clock.monotonic() - beganAt < LIMITS.timeoutMs) return;
      underWay.delete(message);
    }
  }

  async function react(channel: Channel, { id, conversation, locale }: InboundMessage): Promise<void> {
    try {
      await channel.react?.({ conversationId: conversation.id, messageId: id }, { kind: "ack", ...(locale !== undefined && { locale }) });
    } catch (error) {
      logger.debug({ channel: channel.name, message_id: id, error: describeError(error, { redact }) }, "A message got no reaction");
    }
  }

  return {
    acknowledge(channel, message) {
      if (channel.react === undefined || !treatmentOf(channel.name).ackReactions) return;
      forgetLate();
      if (underWay.size >= LIMITS.atOnce) return;
      underWay.set(message, clock.monotonic());
      void react(channel, message).finally(() => underWay.delete(message));
    },
  };
}
