import type { Envelope, InboundMessage } from "@revka/core";
import { partsOf } from "./content.ts";
import type { QqMessage } from "./message-event.ts";
import type { Quotables } from "./quotables.ts";
import { conversationIdOf, recipientOf } from "./recipient.ts";
import { isMentioned } from "./text.ts";

/** The outside of a message. Those of bots count as our own, so that two of them never talk to each other. */
export function envelopeOf(message: QqMessage, botId: string | undefined): Envelope {
  const { id, senderIds, isByBot, groupId } = message;
  return {
    messageId: id,
    senderIds,
    isOwn: isByBot || (botId !== undefined && senderIds.includes(botId)),
    isDirect: groupId === undefined,
    mentionsBot: isForBot(message, botId),
  };
}

function isForBot({ isAddressed, text }: QqMessage, botId: string | undefined): boolean {
  return isAddressed || isMentioned(text, botId);
}

/** Where answers go: to the group, or to who wrote. Undefined when nobody wrote it, or an id is none that could be called. */
export function conversationOf({ groupId, senderIds }: QqMessage): string | undefined {
  const [senderId] = senderIds;
  if (senderId === undefined) return undefined;
  try {
    return conversationIdOf(recipientOf(groupId === undefined ? { conversationId: senderId } : { conversationId: groupId, kind: "group" }));
  } catch {
    return undefined;
  }
}

/** What a message is normalised with. */
export interface NormaliseOptions {
  /** The instance. */
  readonly channel: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly botId: string | undefined;
  readonly conversationId: string;
  readonly quotables: Pick<Quotables, "find">;
}

/** A message in our own form. It has no parts when there is nothing in it but a mention. */
export function normalise(message: QqMessage, { channel, receivedAt, botId, conversationId, quotables }: NormaliseOptions): InboundMessage {
  const { id, groupId, senderIds, authorName, mentions, sentAt } = message;
  const [senderId = "", ...altIds] = senderIds;
  return {
    id,
    channel,
    conversation: { id: conversationId, kind: groupId === undefined ? "direct" : "group" },
    sender: { id: senderId, ...(altIds.length > 0 && { altIds }), ...(authorName !== undefined && { name: authorName }) },
    parts: partsOf(message, { mentions, botId }, quotables),
    mentionsBot: isForBot(message, botId),
    sentAt: sentAt ?? receivedAt,
    receivedAt,
  };
}
