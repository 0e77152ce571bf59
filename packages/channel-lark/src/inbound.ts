import type { Envelope, InboundMessage, MessagePart, Sender } from "@revka/core";
import { partsOf } from "./content.ts";
import type { MessageEvent, PersonIds } from "./event.ts";
import { localeOfContent, localeOfScript, type Locale } from "./locale.ts";
import { isMentioned } from "./mentions.ts";

/** Who the bot is, as far as the platform has told. */
export interface Bot {
  /** Absent until the platform told it: then nobody in a group counts as addressing the bot. */
  readonly openId?: string | undefined;
}

/** What a message or a card's use is normalised with. */
export interface NormaliseOptions {
  /** The instance. */
  readonly channel: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly botOpenId?: string | undefined;
}

/** Every id of a person that an allowlist may name: the open id and the union id. */
export function idsOf({ openId, unionId }: PersonIds): readonly string[] {
  return [openId, unionId].filter((id) => id !== undefined);
}

/** The ids of who wrote a message. */
export function senderIdsOf({ sender }: MessageEvent): readonly string[] {
  return idsOf(sender);
}

/** A person as a sender. */
export function senderOf(person: PersonIds): Sender {
  const [id = "", ...altIds] = idsOf(person);
  return { id, ...(altIds.length > 0 && { altIds }) };
}

/** The outside of a message. What other apps write counts as the bot's own, so that two bots cannot talk for ever. */
export function envelopeOf(event: MessageEvent, bot: Bot): Envelope {
  const { openId } = event.sender;
  return {
    messageId: event.messageId,
    senderIds: senderIdsOf(event),
    isOwn: event.senderType !== "user" || (openId !== undefined && openId === bot.openId),
    isDirect: event.isDirect,
    mentionsBot: event.isDirect || isMentioned(bot.openId, event.mentions),
  };
}

/**
 * A message in our own form. Of what it answers it has a quote without words, which `expand` fetches.
 *
 * It has no parts when the platform itself wrote it, e.g. about who joined; a mention of the bot and nothing else gives an
 * empty text, or the quote alone.
 */
export function normalise(event: MessageEvent, { channel, receivedAt, botOpenId }: NormaliseOptions): InboundMessage {
  const { messageId, chatId, isDirect, threadId, createTime } = event;
  const said = partsOf(event, botOpenId);
  const locale = localeOf(event, said);
  return {
    id: messageId,
    channel,
    conversation: { id: chatId, kind: isDirect ? "direct" : "group", ...(threadId !== undefined && { threadId }) },
    sender: senderOf(event.sender),
    parts: event.type === "system" ? [] : withQuote(event, said),
    mentionsBot: isDirect || isMentioned(botOpenId, event.mentions),
    sentAt: createTime ?? receivedAt,
    receivedAt,
    ...(locale !== undefined && { locale }),
  };
}

function withQuote({ parentId }: MessageEvent, said: readonly MessagePart[]): readonly MessagePart[] {
  if (parentId !== undefined) return [{ kind: "quote", text: "", messageId: parentId }, ...said];
  return said.length > 0 ? said : [{ kind: "text", text: "" }];
}

function localeOf({ locale, content }: MessageEvent, parts: readonly MessagePart[]): Locale | undefined {
  const words = parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n");
  return locale ?? localeOfContent(content) ?? localeOfScript(words);
}
