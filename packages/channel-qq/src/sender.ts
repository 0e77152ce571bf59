import {
  createKeyedQueue, isChannelError, sendInOrder,
  type Channel, type ChannelContext, type OutboundMessage, type SendReceipt,
} from "@revka/core";
import { randomUUID } from "node:crypto";
import type { QqSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";
import { render, type QqPart } from "./outbound.ts";
import { bundle, type Outbox } from "./outbox.ts";
import { conversationIdOf, recipientOf, type Recipient } from "./recipient.ts";
import type { SendPart } from "./send-part.ts";

/** What sending needs. */
export interface SenderOptions {
  readonly settings: Pick<QqSettings, "notificationTarget">;
  readonly context: ChannelContext;
  readonly sendPart: SendPart;
  readonly outbox: Outbox;
}

/** Sends messages. */
export interface Sender {
  readonly send: Channel["send"];
  /** Says what waits for a message of this conversation that can be answered: now there is one. */
  readonly flush: (conversationId: string, messageId: string) => void;
}

/**
 * Sends messages: those to one conversation in the order of the calls, others side by side.
 *
 * Texts without a way to go wait for the conversation's next message, and go out as answers to that.
 */
export function createSender({ settings, context: { instance: channel, logger }, sendPart, outbox }: SenderOptions): Sender {
  const queue = createKeyedQueue({ maxParallel: LIMITS.sendsInFlight, maxWaiting: LIMITS.sendsWaiting });

  async function sendNow(to: Recipient, message: OutboundMessage, signal?: AbortSignal): Promise<SendReceipt> {
    const { target: { messageId }, idempotencyKey = randomUUID() } = message;
    const way = isNotification(message, settings) ? "push" : "any";
    const parts = render(message).map((part, index) => ({ part, key: `${idempotencyKey}#${index}` }));
    try {
      return await sendInOrder(parts, ({ part, key }) => sendPart(part, { to, messageId, key, way, signal }));
    } catch (error) {
      if (isChannelError(error) && error.code === "no-route") await keep(to, parts.slice(error.progress?.delivered ?? 0));
      throw error;
    }
  }
  async function keep(to: Recipient, parts: readonly { readonly part: QqPart; readonly key: string }[]): Promise<void> {
    const texts = parts.flatMap(({ part, key }) => (part.kind === "text" ? [{ id: key, text: part.text, isMarkdown: part.isMarkdown }] : []));
    if (texts.length > 0) await outbox.keep(conversationIdOf(to), texts);
  }
  async function flushNow(conversationId: string, messageId: string): Promise<void> {
    const to = recipientOf({ conversationId });
    for (const { ids, text, isMarkdown } of bundle(await outbox.list(conversationId)).slice(0, LIMITS.outboxReplies)) {
      try {
        await sendPart({ kind: "text", text, isMarkdown }, { to, messageId, key: `outbox ${ids[0] ?? ""}`, way: "reply" });
      } catch (error) {
        if (!isChannelError(error) || error.code !== "platform") throw error;
        logger.error({ channel, conversationId, error: error.message }, "QQ: giving up what waited for this message");
      }
      await outbox.remove(conversationId, ids);
    }
  }

  return {
    async send(message, signal) {
      const { target } = message;
      const to = recipientOf(target.conversationId === "" ? { conversationId: settings.notificationTarget ?? "" } : target);
      const receipt = await queue.run(conversationIdOf(to), () => sendNow(to, message, signal), signal);
      logger.debug({ channel, conversationId: conversationIdOf(to), route: receipt.route }, "QQ: message delivered");
      return receipt;
    },
    flush(conversationId, messageId) {
      queue.run(conversationId, () => flushNow(conversationId, messageId)).catch((error: unknown) => {
        logger.warn({ channel, conversationId, error: String(error) }, "QQ: what waited for this message could not be said yet");
      });
    },
  };
}

/** What answers nobody must not use up the answers to whoever wrote last. */
function isNotification({ target: { conversationId, messageId } }: OutboundMessage, { notificationTarget }: Pick<QqSettings, "notificationTarget">): boolean {
  return conversationId === "" || (messageId === undefined && conversationId === notificationTarget);
}
