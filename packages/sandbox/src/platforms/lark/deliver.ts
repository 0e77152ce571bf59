import { setBounded } from "../../record/bounded-map.ts";
import { cardText } from "./card-nodes.ts";
import { LIMITS } from "./limits.ts";
import { type ReadContent, refuseCard } from "./message-content.ts";
import { type LarkMessage, newMessageId, type ReplyPlace } from "./messages.ts";
import type { LarkResource } from "./resources.ts";
import type { RestState } from "./rest-state.ts";
import type { LarkEdit, LarkSent, LarkSentMedia, Sending } from "./sent.ts";

/** Changes of one message that are kept. */
const KEPT_EDITS = 1_000;

/** A message of the bot on its way into a chat. */
export interface Outgoing extends Sending {
  readonly chatId: string;
  readonly msgType: string;
  readonly content: ReadContent;
  readonly place?: ReplyPlace;
}

/**
 * Puts a message of the bot into a chat, and writes it down.
 *
 * @throws LarkRefusal 230099 when it shows a card entity that was sent before, or is none of the app's.
 */
export function deliver(state: RestState, outgoing: Outgoing): LarkMessage {
  const { chatId, msgType, content, place = {} } = outgoing;
  const messageId = newMessageId();
  const { cardId } = content;
  if (cardId !== undefined && !state.cards.show(cardId, messageId)) throw refuseCard(11310, "cardid is invalid", cardId);
  const message = state.messages.add({
    messageId, chatId, msgType, content: JSON.stringify(content.payload), ...place,
    sender: { id: state.app().appId, idType: "app_id", senderType: "app" },
  });
  record(state, message, outgoing);
  return message;
}

/** Notes what became of a message, and announces it. */
export function noteEdit(state: RestState, messageId: string, edit: Omit<LarkEdit, "at">): void {
  const edits = [...(state.edits.get(messageId) ?? []), { at: state.now(), ...edit }].slice(-KEPT_EDITS);
  setBounded(state.edits, [messageId, edits], LIMITS.keptCount);
  announce(state, messageId);
}

/** Offers a message that has changed to whoever waits for one. */
export function announce(state: RestState, messageId: string | undefined): void {
  const sent = state.sent.entries.find((entry) => entry.messageId === messageId);
  if (sent !== undefined) state.sent.changed(sent);
}

function record(state: RestState, message: LarkMessage, { content, via, uuid, bytes }: Outgoing): LarkSent {
  const { messageId, chatId, msgType, createdAt, rootId, parentId, threadId } = message;
  const { user = "" } = state.chats.find(chatId) ?? {};
  const { cardId, media, payload, text } = content;
  const edits = (): readonly LarkEdit[] => state.edits.get(messageId) ?? [];
  return state.sent.append((seq) => ({
    seq, order: state.nextOrder(), at: createdAt, via, messageId, chatId, user,
    ...(user === "" ? { group: chatId } : {}),
    ...(rootId === undefined ? {} : { rootId }),
    ...(parentId === undefined ? {} : { parentId }),
    ...(threadId === undefined ? {} : { threadId }),
    ...(uuid === undefined ? {} : { uuid }),
    kind: msgType,
    get text() {
      const entity = state.cards.shownBy(messageId);
      return entity === undefined ? (edits().at(-1)?.text ?? text) : cardText(entity.card);
    },
    payload,
    ...(media === undefined ? {} : { media: mediaOf(media) }),
    ...(cardId === undefined ? {} : { cardId }),
    get isStreaming() {
      const entity = state.cards.shownBy(messageId);
      return entity !== undefined && state.cards.isStreaming(entity.cardId);
    },
    get isRecalled() {
      return state.messages.find(messageId)?.isRecalled === true;
    },
    get edits() {
      return edits();
    },
    bytes,
  }));
}

function mediaOf({ key, uploadType, name, contentType, bytes, durationMs }: LarkResource): LarkSentMedia {
  return { key, uploadType, name, contentType, size: bytes.length, ...(durationMs === undefined ? {} : { durationMs }) };
}
