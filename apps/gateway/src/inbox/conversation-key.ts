import type { InboundMessage } from "@revka/core";
import type { ConversationScope } from "../config/settings.ts";

/**
 * The key of a message's conversation: what is handled in order, and what an agent remembers together.
 *
 * Its segments are percent-escaped and joined by `:`, so different conversations never share a key. With the scope
 * `"sender"` each member of a group has a conversation of their own.
 */
export function conversationKey({ channel, conversation, sender }: InboundMessage, scope: ConversationScope): string {
  const { id, kind, threadId = "" } = conversation;
  const member = kind === "group" && scope === "sender" ? sender.id : "";
  return [channel, id, threadId, member].map(escapeSegment).join(":");
}

function escapeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed());
}
