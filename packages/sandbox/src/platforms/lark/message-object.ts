import type { LarkMessage } from "./messages.ts";
import type { LarkApp } from "./people.ts";

/** What is left of a message that was taken back. */
const RECALLED = "This message was recalled";

/** A message as the API gives it. */
export function renderMessage(message: LarkMessage, { tenantKey }: LarkApp): Readonly<Record<string, unknown>> {
  const { sender, mentions, upperMessageId, isRecalled } = message;
  return {
    message_id: message.messageId,
    ...(message.rootId === undefined ? {} : { root_id: message.rootId }),
    ...(message.parentId === undefined ? {} : { parent_id: message.parentId }),
    ...(message.threadId === undefined ? {} : { thread_id: message.threadId }),
    msg_type: message.msgType,
    create_time: String(message.createdAt),
    update_time: String(message.updatedAt),
    deleted: isRecalled,
    updated: message.editCount > 0,
    chat_id: message.chatId,
    sender: { id: sender.id, id_type: sender.idType, sender_type: sender.senderType, tenant_key: tenantKey },
    body: { content: isRecalled ? RECALLED : message.content },
    ...(mentions.length === 0
      ? {}
      : { mentions: mentions.map(({ key, openId, name }) => ({ key, id: openId, id_type: "open_id", name, tenant_key: tenantKey })) }),
    ...(upperMessageId === undefined ? {} : { upper_message_id: upperMessageId }),
  };
}
