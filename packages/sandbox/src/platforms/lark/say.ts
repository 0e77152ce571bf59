import type { LarkChat } from "./chats.ts";
import { type LarkContent, renderContent } from "./content.ts";
import type { LarkChoice } from "./delivery.ts";
import { type LarkMentioned, numberMentions } from "./mentions.ts";
import { type LarkOverrides, renderMessageEvent } from "./message-event.ts";
import type { LarkMessage, ReplyPlace } from "./messages.ts";
import type { RestState } from "./rest-state.ts";
import type { LarkState } from "./state.ts";
import { tell } from "./tell.ts";

/** How a user says something. */
export interface LarkSaying extends LarkChoice {
  /** Chat id of the group that it is said in; in private unless given. */
  readonly group?: string;
  /**
   * Who is mentioned: the bot in a group (default), nobody in private.
   *
   * A text or post that holds no `@_user_1` or `@_all` gets them at its beginning.
   */
  readonly mentions?: readonly LarkMentioned[];
  /** Id of the message that it answers. */
  readonly replyTo?: string;
  /** Whether that answer begins a thread; default false. In a thread, answers stay there. */
  readonly inThread?: boolean;
  /** Default `"user"`; of a bot's own message `"app"`. */
  readonly senderType?: "user" | "app" | "bot" | "anonymous";
  /** Language of the user's client, e.g. `ja_JP`; unknown unless given, as without the scope for it. */
  readonly locale?: string;
  readonly overrides?: LarkOverrides;
}

/** Something to be said. */
export interface Utterance extends LarkSaying {
  /** Open id. */
  readonly user: string;
  readonly content: string | LarkContent;
}

/**
 * Says something as a user. The bot hears nothing from a group that it was taken out of.
 *
 * @returns the message's id, `om_…`.
 * @throws RangeError when it answers a message that is not remembered.
 * @throws TypeError when the user is no `ou_…`, or the group no `oc_…`.
 */
export function sayAs(state: LarkState, utterance: Utterance): string {
  const { rest, behaviour, tenantKey } = state;
  const { group, senderType = "user", mentions = group === undefined ? [] : ["bot"], locale, overrides = {} } = utterance;
  const chat = chatOf(state, utterance);
  const message = keep(state, { ...utterance, mentions }, { chatId: chat.chatId, ...placeOf(rest, utterance) });
  const isHeard = chat.kind === "p2p" || behaviour.groupMessages === "all" || mentions.includes("bot");
  if (chat.status !== "joined" || !isHeard) return message.messageId;
  const event = renderMessageEvent(message, { chatType: chat.kind, senderType, tenantKey, showsUserIds: behaviour.showsUserIds, locale, overrides });
  tell(state, event, { choice: utterance, id: message.messageId });
  return message.messageId;
}

function chatOf({ rest }: LarkState, { user, group }: Utterance): LarkChat {
  if (!/^ou_\w+$/.test(user)) throw new TypeError(`a user is named by an open id such as ou_1, not by ${user}`);
  if (group === undefined) return rest.chats.withUser(user);
  if (!/^oc_\w+$/.test(group)) throw new TypeError(`a group is named by a chat id such as oc_1, not by ${group}`);
  return rest.chats.find(group) ?? rest.chats.join(group);
}

function placeOf({ messages }: RestState, { replyTo, inThread = false }: Utterance): Partial<ReplyPlace> {
  return replyTo === undefined ? {} : messages.placeReply(replyTo, inThread);
}

type Place = Pick<LarkMessage, "chatId"> & Partial<ReplyPlace> & Partial<Pick<LarkMessage, "upperMessageId">>;

/** Writes a message down, with all that it forwards. */
function keep(state: LarkState, { user, content, senderType = "user", mentions = [] }: Utterance, place: Place): LarkMessage {
  const { rest, behaviour } = state;
  const { botOpenId, botName } = rest.app();
  const numbered = numberMentions(mentions, { bot: { openId: botOpenId, name: botName }, listsAll: behaviour.listsMentionOfAll });
  const said: LarkContent = typeof content === "string" ? { type: "text", text: content } : content;
  const rendered = renderContent(said, { mentions: numbered, store: (resource) => rest.resources.store(resource) });
  const sender = { id: user, idType: "open_id", senderType: senderType === "bot" ? "app" : senderType } as const;
  const message = rest.messages.add({ ...rendered, ...place, sender, mentions: numbered.entries });
  if (said.type === "merge_forward") {
    for (const child of said.messages) keep(state, child, { chatId: place.chatId, upperMessageId: message.messageId });
  }
  return message;
}
