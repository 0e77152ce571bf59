import type { LarkEvent } from "./event.ts";
import { renderMention, shownIds } from "./mentions.ts";
import type { LarkMessage } from "./messages.ts";

/** Fields that are added to an event or replace its own; `undefined` takes one away. */
export interface LarkOverrides {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly sender?: Readonly<Record<string, unknown>>;
  readonly message?: Readonly<Record<string, unknown>>;
}

/** What an event of a message says beside the message. */
export interface MessageEventOptions {
  readonly chatType: "p2p" | "group";
  readonly senderType: string;
  readonly tenantKey: string;
  readonly showsUserIds: boolean;
  /** Language of the user's client, e.g. `ja_JP`. */
  readonly locale: string | undefined;
  readonly overrides: LarkOverrides;
}

/** The event that a message is. */
export function renderMessageEvent(message: LarkMessage, { chatType, senderType, locale, overrides, ...shown }: MessageEventOptions): LarkEvent {
  const { rootId, parentId, threadId, mentions } = message;
  const sender = { sender_id: shownIds(message.sender.id, shown.showsUserIds), sender_type: senderType, tenant_key: shown.tenantKey };
  const fields = {
    message_id: message.messageId,
    ...(rootId === undefined ? {} : { root_id: rootId }),
    ...(parentId === undefined ? {} : { parent_id: parentId }),
    create_time: String(message.createdAt),
    update_time: String(message.updatedAt),
    chat_id: message.chatId,
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    chat_type: chatType,
    message_type: message.msgType,
    content: message.content,
    ...(mentions.length === 0 ? {} : { mentions: mentions.map((mention) => renderMention(mention, shown)) }),
    ...(locale === undefined ? {} : { user_agent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Lark/7.9.0 LarkLocale/${locale} ttnet` }),
  };
  return {
    eventType: "im.message.receive_v1",
    event: { sender: { ...sender, ...overrides.sender }, message: { ...fields, ...overrides.message } },
    ...(overrides.header === undefined ? {} : { header: overrides.header }),
  };
}
