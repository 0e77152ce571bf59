import { admit, createDedup, createKeyedQueue, isChannelError, type Accept, type Admission, type ChannelContext, type StatusRecorder } from "@revka/core";
import type { DingtalkSettings } from "./config.ts";
import { conversationIdOf, envelopeOf, normalise, senderIdOf } from "./inbound.ts";
import { LIMITS } from "./limits.ts";
import { createMentions } from "./mentions.ts";
import type { Webhooks } from "./reply-routes.ts";
import type { RobotMessage } from "./robot-message.ts";

/** What taking messages needs. */
export interface TakeOptions {
  readonly settings: DingtalkSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly webhooks: Webhooks;
  readonly accept: Accept;
}

/**
 * Deals with one message; never rejects. Gives whether it is done with: if not, the platform must not be told so and
 * delivers it again.
 *
 * @param sentAt - what the platform's clock said when it sent the frame (epoch ms).
 */
export type Take = (message: RobotMessage, sentAt: number | undefined) => Promise<boolean>;

/**
 * Takes messages from all connections of a channel, each message once.
 *
 * Those of one conversation are handed over one after another. Its webhook is kept first: the answer may be quick.
 */
export function createTake({ settings, context, status, webhooks, accept }: TakeOptions): Take {
  const { instance: channel, clock, logger } = context;
  const dedup = createDedup({ maxCount: LIMITS.dedupCount, maxAgeMs: LIMITS.dedupMs, clock });
  const lanes = createKeyedQueue({ maxParallel: LIMITS.handoversInFlight, maxWaiting: LIMITS.handoversWaiting });
  const noteRejected = createRejectionLog(context);
  let isQuotaUsedUp = false;

  function noteQuota({ code, text }: NonNullable<RobotMessage["refusal"]>): void {
    isQuotaUsedUp = true;
    status.set("connected", `the organisation's message quota is used up (${code})`);
    logger.error({ channel, platformCode: code, reason: text }, "DingTalk: a message came without its content, the organisation's quota is used up");
  }
  async function handOver(message: RobotMessage, sentAt: number | undefined): Promise<void> {
    const inbound = normalise(message, { channel, receivedAt: clock.now(), sentAt });
    if (inbound.parts.length === 0) {
      logger.debug({ channel, messageId: inbound.id }, "DingTalk: ignoring message without content");
      return;
    }
    await webhooks.remember(message, sentAt);
    status.inbound();
    await accept(inbound);
  }

  return async (message, sentAt) => {
    if (message.refusal !== undefined) {
      noteQuota(message.refusal);
      return true;
    }
    if (isQuotaUsedUp) {
      isQuotaUsedUp = false;
      status.set("connected");
    }
    const { allowedUsers } = settings;
    const envelope = envelopeOf(message);
    const admission = admit(envelope, { allowedUsers, dedup });
    if (admission !== "admitted") {
      noteRejected(message, admission);
      return true;
    }
    try {
      await dedup.once(envelope.messageId, () => lanes.run(conversationIdOf(message), () => handOver(message, sentAt)));
      return true;
    } catch (error) {
      const isFull = isChannelError(error) && error.code === "rate-limit";
      const text = isFull ? "DingTalk: no room for a message, leaving it to the platform" : "DingTalk: a message was not taken, leaving it to the platform";
      logger.warn({ channel, messageId: envelope.messageId, error: String(error) }, text);
      return false;
    }
  };
}

/** Says why a message does not come in; of a stranger not with every message. */
function createRejectionLog({ instance: channel, clock, logger, onDenied }: ChannelContext): (message: RobotMessage, admission: Admission) => void {
  const isNews = createMentions(clock);
  return (message, admission) => {
    const { msgId: messageId, senderId, senderStaffId } = message;
    if (admission === "denied") {
      // Both ids: an allowlist of the opaque ones never matches.
      onDenied({ ids: [senderIdOf(message)], conversationId: conversationIdOf(message) });
      const level = isNews(senderIdOf(message)) ? "warn" : "debug";
      logger[level]({ channel, messageId, senderStaffId, senderId }, `DingTalk: ignoring message from unauthorized user: ${senderIdOf(message)}`);
    } else {
      logger.debug({ channel, messageId, admission }, "DingTalk: ignoring message");
    }
  };
}
