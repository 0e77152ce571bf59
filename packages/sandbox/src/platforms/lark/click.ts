import type { LarkChoice } from "./delivery.ts";
import { CLICK_EVENT } from "./event.ts";
import { shownIds } from "./mentions.ts";
import type { LarkState } from "./state.ts";
import { tell } from "./tell.ts";

/** A click on a card. */
export interface LarkClick {
  readonly eventId: string;
  /** `c-…`, by which the card may be updated once the click is answered. */
  readonly token: string;
}

/** What is clicked, and how the bot is told. */
export interface LarkClicking extends LarkChoice {
  /** Fields that are added to the action or replace those of a button. */
  readonly action?: Readonly<Record<string, unknown>>;
  /** Fields that are added to the event or replace its own; `undefined` takes one away. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/**
 * Clicks on the card of a message as a user.
 *
 * @throws RangeError when no such message is remembered.
 */
export function clickAs(state: LarkState, { user, messageId, action, overrides, ...choice }: LarkClicking & { readonly user: string; readonly messageId: string }): LarkClick {
  const message = state.rest.messages.find(messageId);
  if (message === undefined) throw new RangeError(`no message has the id ${messageId}`);
  const token = state.rest.cardTokens.issue(messageId);
  const event = {
    operator: { tenant_key: state.tenantKey, ...shownIds(user, state.behaviour.showsUserIds) },
    token,
    action: { value: {}, tag: "button", timezone: "Asia/Shanghai", ...action },
    host: "im_message",
    context: { open_message_id: messageId, open_chat_id: message.chatId },
    ...overrides,
  };
  // This event's time is in microseconds.
  const header = { create_time: `${state.now()}000` };
  const { eventId } = tell(state, { eventType: CLICK_EVENT, event, header }, { choice, onAnswer: () => state.rest.cardTokens.answered(token) });
  return { eventId, token };
}
