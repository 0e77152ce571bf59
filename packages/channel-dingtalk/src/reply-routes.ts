import { createReplyRoutes, type ChannelContext } from "@revka/core";
import type { DingtalkSettings } from "./config.ts";
import { conversationIdOf, senderIdOf } from "./inbound.ts";
import { LIMITS } from "./limits.ts";
import type { RobotMessage } from "./robot-message.ts";
import { parseWebhookUrl } from "./webhook-url.ts";

/** The session webhooks of the conversations that lately wrote to us. They survive a restart. */
export interface Webhooks {
  /**
   * Keeps the webhook of a message for its conversation.
   * @param sentAt - what the platform's clock said when it delivered the message (epoch ms).
   */
  remember(message: RobotMessage, sentAt: number | undefined): Promise<void>;
  /** The webhook for a conversation, or for a person without one where that is wished for; undefined where none is alive. */
  find(conversationId: string): Promise<Webhook | undefined>;
}

/** A session webhook that may be alive. */
export interface Webhook {
  /** A secret: whoever has it can post into the conversation. */
  readonly url: URL;
  /** The platform no longer takes it. */
  forget(): Promise<void>;
}

/** Opens the cache in the context's store. */
export function createWebhooks(settings: DingtalkSettings, context: ChannelContext): Webhooks {
  const { instance: channel, clock, store, logger, addSecret } = context;
  const routes = createReplyRoutes<string>({ store, clock, maxRoutes: LIMITS.webhookCount, isSecret: true });

  function hide(url: URL): void {
    addSecret(url.searchParams.get("session") ?? url.href);
  }
  /** Where to look, in order. */
  function keysFor(conversationId: string): readonly string[] {
    return settings.senderFallbackToGroup ? [chatKey(conversationId), senderKey(conversationId)] : [chatKey(conversationId)];
  }
  /** A private conversation is filed under its sender. So is a group's only where that is wished for: its answers are for all to read. */
  function keysOf(message: RobotMessage): readonly string[] {
    const chat = chatKey(conversationIdOf(message));
    return message.isGroup && settings.senderFallbackToGroup ? [chat, senderKey(senderIdOf(message))] : [chat];
  }

  return {
    async remember(message, sentAt) {
      if (message.sessionWebhook === undefined) return;
      const url = parseWebhookUrl(message.sessionWebhook, settings.baseUrl);
      if (url === undefined) {
        logger.warn({ channel, messageId: message.msgId }, "DingTalk: session webhook is not one of DingTalk's, ignoring it");
        return;
      }
      hide(url);
      await routes.remember(keysOf(message), { value: url.href, expiresAt: clock.now() + lifeMs(message, sentAt) });
    },
    async find(conversationId) {
      for (const key of keysFor(conversationId)) {
        const route = await routes.use(key);
        // The store outlives a changed configuration.
        const url = route && parseWebhookUrl(route.value, settings.baseUrl);
        if (url === undefined) continue;
        hide(url); // it may be an earlier process that was told
        return { url, forget: () => routes.forget(key) };
      }
      return undefined;
    },
  };
}

function chatKey(conversationId: string): string {
  return `chat:${conversationId}`;
}

function senderKey(senderId: string): string {
  return `sender:${senderId}`;
}

/** How long a webhook lives from its arrival, by the platform's clock alone: ours may be wrong. */
function lifeMs({ sessionWebhookExpiredTime, createAt }: RobotMessage, sentAt: number | undefined): number {
  const startedAt = sentAt ?? createAt;
  if (sessionWebhookExpiredTime === undefined || startedAt === undefined) return LIMITS.webhookLifeMs;
  return Math.min(sessionWebhookExpiredTime - startedAt, LIMITS.webhookMaxLifeMs);
}
