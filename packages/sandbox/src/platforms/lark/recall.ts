import type { LarkDelivery } from "./delivery.ts";
import type { LarkState } from "./state.ts";
import { tell } from "./tell.ts";

/**
 * Takes a message back as the one who wrote it, and tells the bot.
 *
 * @throws RangeError when no such message is remembered.
 */
export function recall(state: LarkState, messageId: string): LarkDelivery {
  const message = state.rest.messages.find(messageId);
  if (message === undefined) throw new RangeError(`no message has the id ${messageId}`);
  state.rest.messages.recall(messageId);
  const event = { message_id: messageId, chat_id: message.chatId, recall_time: String(state.now()), recall_type: "message_owner" };
  return tell(state, { eventType: "im.message.recalled_v1", event });
}
