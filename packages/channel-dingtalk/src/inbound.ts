import type { Envelope, InboundMessage, MessagePart } from "@revka/core";
import { partsOf, type Content } from "./content.ts";
import { quoteOf } from "./quote.ts";
import type { RobotMessage } from "./robot-message.ts";

/** The outside of a message. Only the staff id counts for the allowlist: who has none gets in by `"*"` alone. */
export function envelopeOf(message: RobotMessage): Envelope {
  const { msgId = "", senderStaffId, senderId, chatbotUserId, isGroup } = message;
  return {
    messageId: msgId,
    senderIds: senderStaffId === undefined ? [] : [senderStaffId],
    isOwn: senderId !== undefined && senderId === chatbotUserId,
    isDirect: !isGroup,
    mentionsBot: isMention(message),
  };
}

/** A group's messages come only when they mention the robot. */
function isMention({ isGroup, isInAtList }: RobotMessage): boolean {
  return !isGroup || isInAtList !== false;
}

/** Who wrote: the staff id, or the opaque id of somebody from outside the organisation. */
export function senderIdOf({ senderStaffId, senderId }: RobotMessage): string {
  return senderStaffId ?? senderId ?? "";
}

/** Where answers go: to the sender in a private conversation, else to the group. */
export function conversationIdOf(message: RobotMessage): string {
  return message.isGroup ? (message.conversationId ?? "") : senderIdOf(message);
}

/** What a message is normalised with. */
export interface NormaliseOptions {
  /** The instance. */
  readonly channel: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** When the platform sent the frame (epoch ms), for a message that does not tell when it was written. */
  readonly sentAt: number | undefined;
}

/** A message in our own form. It has no parts when there is nothing in it but a mention. */
export function normalise(message: RobotMessage, { channel, receivedAt, sentAt }: NormaliseOptions): InboundMessage {
  const { msgId = "", isGroup, conversationTitle, senderNick, createAt } = message;
  return {
    id: msgId,
    channel,
    conversation: {
      id: conversationIdOf(message),
      kind: isGroup ? "group" : "direct",
      ...(isGroup && conversationTitle !== undefined && { title: conversationTitle }),
    },
    sender: { id: senderIdOf(message), ...(senderNick !== undefined && { name: senderNick }) },
    parts: contentParts(message),
    mentionsBot: isMention(message),
    sentAt: createAt ?? sentAt ?? receivedAt,
    receivedAt,
  };
}

function contentParts(message: RobotMessage): readonly MessagePart[] {
  const { robotCode } = message;
  const content = withoutOwnMention({ msgtype: message.msgtype, body: message.content }, message);
  return [...quoteOf(content.body, robotCode), ...partsOf(content, robotCode)];
}

/** HarmonyOS clients leave the mention of the robot in a rich text, as its first segment. */
function withoutOwnMention(content: Content, { chatbotUserId, mentionedIds }: RobotMessage): Content {
  const { richText } = content.body;
  if (content.msgtype !== "richText" || !Array.isArray(richText) || chatbotUserId === undefined || mentionedIds[0] !== chatbotUserId) return content;
  const [first, ...rest] = richText as readonly unknown[];
  const isMentioning = typeof first === "object" && first !== null && "text" in first && typeof first.text === "string" && first.text.trimStart().startsWith("@");
  return isMentioning ? { ...content, body: { ...content.body, richText: rest } } : content;
}
