import { createHash } from "node:crypto";
import type { Envelope, InboundMessage } from "@revka/core";
import type { CardAction } from "./event.ts";
import { idsOf, senderOf, type Bot, type NormaliseOptions } from "./inbound.ts";

/** Stands between the id of a card's message and what makes one use of it differ from the next. */
const MARK = "#";

/** The outside of a card's use. It is meant for the bot, wherever the card is. */
export function cardEnvelopeOf(action: CardAction, { openId }: Bot): Envelope {
  return {
    messageId: useIdOf(action),
    senderIds: idsOf(action.operator),
    isOwn: openId !== undefined && action.operator.openId === openId,
    isDirect: false,
    mentionsBot: true,
  };
}

/** A card's use as a message. The platform does not tell which kind of chat the card is in: a group is the careful guess. */
export function normaliseCardAction(action: CardAction, { channel, receivedAt }: NormaliseOptions): InboundMessage {
  const { operator, chatId, value } = action;
  const sender = senderOf(operator);
  return {
    id: useIdOf(action),
    channel,
    conversation: chatId === undefined ? { id: sender.id, kind: "direct" } : { id: chatId, kind: "group" },
    sender,
    parts: [{ kind: "action", action: action.action, ...(value !== undefined && { value }) }],
    mentionsBot: true,
    sentAt: receivedAt,
    receivedAt,
  };
}

/** The platform's own id within the id of a message or of a card's use; undefined where it has none. */
export function platformIdOf(messageId: string | undefined): string | undefined {
  const [id] = messageId?.split(MARK) ?? [];
  return id === "" ? undefined : id;
}

/** One message's card can be used many times; the token of each is secret, so its hash stands for it. */
function useIdOf({ messageId = "", token }: CardAction): string {
  return `${messageId}${MARK}${createHash("sha256").update(token).digest("hex").slice(0, 16)}`;
}
