import type { LarkMessage } from "./messages.ts";
import { refuse } from "./refusal.ts";
import type { RestState } from "./rest-state.ts";

/** A message in a chat that the bot is in. @throws LarkRefusal 230001 (no such message), 230002 or 232009. */
export function messageIn(state: RestState, messageId: string): LarkMessage {
  const message = state.messages.find(messageId);
  if (message === undefined) throw refuse(230001, { msg: `invalid message_id: ${messageId}` });
  state.chats.check(message.chatId);
  return message;
}

/**
 * A message of the bot that was not taken back.
 *
 * @param foreign - the code that somebody else's message is refused with.
 * @throws LarkRefusal as {@link messageIn}, and 230011 when it was taken back.
 */
export function ownMessage(state: RestState, messageId: string, foreign: number): LarkMessage {
  const message = messageIn(state, messageId);
  if (message.sender.id !== state.app().appId) throw refuse(foreign);
  if (message.isRecalled) throw refuse(230011);
  return message;
}
