import { admit, createDedup, createKeyedQueue, isChannelError, type Accept, type Admission, type ChannelContext, type Dedup, type StatusRecorder } from "@revka/core";
import type { QqSettings } from "./config.ts";
import { createHandOver } from "./hand-over.ts";
import { conversationOf, envelopeOf, normalise } from "./inbound.ts";
import { LIMITS } from "./limits.ts";
import { createMentions } from "./mentions.ts";
import type { QqMessage } from "./message-event.ts";
import type { Quotables } from "./quotables.ts";
import type { Tickets } from "./reply-routes.ts";
import { cleanText } from "./text.ts";
import { voiceprintOf } from "./voiceprint.ts";

/** What taking messages needs. */
export interface TakeOptions {
  readonly settings: QqSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly tickets: Tickets;
  readonly quotables: Quotables;
  /** Ids of messages that were taken. */
  readonly seen: Dedup;
  /** Says what waits for a message of this conversation that can be answered. */
  readonly flush: (conversationId: string, messageId: string) => void;
  readonly accept: Accept;
  readonly signal: AbortSignal;
}

/** Deals with one message; never rejects. Gives whether it is done with: if not, it must be replayed. */
export type Take = (message: QqMessage, botId: string | undefined) => Promise<boolean>;

/**
 * Takes messages from all connections of a channel, each message once.
 *
 * Those of one conversation are handed over one after another. Its ticket is kept first: the answer may be quick.
 */
export function createTake(options: TakeOptions): Take {
  const { settings, context, status, tickets, quotables, seen, flush, signal } = options;
  const { instance: channel, clock, logger } = context;
  const voices = createDedup({ maxCount: LIMITS.voiceDedupCount, maxAgeMs: LIMITS.voiceDedupMs, clock });
  const lanes = createKeyedQueue({ maxParallel: LIMITS.handoversInFlight, maxWaiting: LIMITS.handoversWaiting });
  const handOver = createHandOver(options);
  const noteRejected = createRejectionLog(context);
  let isClosed = false;

  function noteFailure(messageId: string, error: unknown): void {
    if (signal.aborted) {
      if (!isClosed) logger.warn({ channel, messageId }, "QQ: message channel closed");
      isClosed = true;
      return;
    }
    const isFull = isChannelError(error) && error.code === "rate-limit";
    const text = isFull ? "QQ: no room for a message, leaving it to the platform" : "QQ: a message was not taken, leaving it to the platform";
    logger.warn({ channel, messageId, error: String(error) }, text);
  }
  async function deliver(message: QqMessage, conversationId: string, botId: string | undefined): Promise<void> {
    const inbound = normalise(message, { channel, receivedAt: clock.now(), botId, conversationId, quotables });
    quotables.remember(message.quoteId, cleanText(message.text, { mentions: message.mentions, botId }));
    if (inbound.parts.length === 0) {
      logger.debug({ channel, messageId: inbound.id }, "QQ: ignoring message without content");
      return;
    }
    await tickets.remember(conversationId, inbound.id);
    status.inbound();
    flush(conversationId, inbound.id);
    await handOver(inbound);
  }

  return async (message, botId) => {
    const envelope = envelopeOf(message, botId);
    const conversationId = conversationOf(message);
    const admission = conversationId === undefined ? "senderless" : admit(envelope, { allowedUsers: settings.allowedUsers, mentionOnly: true, dedup: seen });
    if (conversationId === undefined || admission !== "admitted") {
      noteRejected(message, admission);
      return true;
    }
    const voiceprint = voiceprintOf(message, conversationId);
    const deliverInTurn = (): Promise<void> => lanes.run(conversationId, () => deliver(message, conversationId, botId), signal);
    try {
      await seen.once(envelope.messageId, () => (voiceprint === undefined ? deliverInTurn() : voices.once(voiceprint, deliverInTurn)));
      return true;
    } catch (error) {
      noteFailure(envelope.messageId, error);
      return false;
    }
  };
}

/** Says why a message does not come in; of a stranger not with every message. */
function createRejectionLog({ instance: channel, clock, logger }: ChannelContext): (message: QqMessage, admission: Admission | "senderless") => void {
  const isNews = createMentions(clock);
  return ({ id: messageId, senderIds, groupId }, admission) => {
    if (admission === "denied") {
      const [senderId = ""] = senderIds;
      const kind = groupId === undefined ? "C2C" : "group";
      // All ids: any of them may go onto the allowlist.
      logger[isNews(senderId) ? "warn" : "debug"]({ channel, messageId, senderIds }, `QQ: ignoring ${kind} message from unauthorized user: ${senderId}`);
    } else {
      logger.debug({ channel, messageId, admission }, "QQ: ignoring message");
    }
  };
}
