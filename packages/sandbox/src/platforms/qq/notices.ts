import { randomUUID } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import type { QqStanding } from "./contacts.ts";
import { LIMITS } from "./limits.ts";
import { placeOf, type QqWhere } from "./place.ts";
import type { QqState } from "./state.ts";
import { timestampOf } from "./timestamp.ts";

/** An event about how a user or a group stands to the bot. */
export type QqNotice =
  | "FRIEND_ADD" | "FRIEND_DEL" | "C2C_MSG_REJECT" | "C2C_MSG_RECEIVE"
  | "GROUP_ADD_ROBOT" | "GROUP_DEL_ROBOT" | "GROUP_MSG_REJECT" | "GROUP_MSG_RECEIVE";

/** What becomes of a user or a group with each notice. */
export const NOTICES: Readonly<Record<QqNotice, QqStanding>> = {
  FRIEND_ADD: "open",
  FRIEND_DEL: "gone",
  C2C_MSG_REJECT: "declining",
  C2C_MSG_RECEIVE: "open",
  GROUP_ADD_ROBOT: "open",
  GROUP_DEL_ROBOT: "gone",
  GROUP_MSG_REJECT: "declining",
  GROUP_MSG_RECEIVE: "open",
};

/** A press on a button, and its like. */
export interface QqInteraction {
  /** The group that it is pressed in; in private unless given. */
  readonly group?: string;
  /** Default 11, a button. */
  readonly type?: number;
  /** What `data.resolved` holds. */
  readonly resolved?: Readonly<Record<string, unknown>>;
}

/**
 * Lets a user, or a group by one of its members, change how they stand to the bot, and tells it.
 *
 * @returns the event's id.
 * @throws TypeError when the event is not of such a place.
 */
export function notify(state: QqState, t: QqNotice, where: QqWhere): string {
  const place = placeOf(where);
  if (t.startsWith("GROUP_") !== (place.group !== undefined)) throw new TypeError(`${t} is no event of ${place.group === undefined ? "private chats" : "groups"}`);
  state.contacts.set(place, NOTICES[t]);
  const timestamp = Math.floor(state.now() / 1_000);
  return state.publish({ t, d: place.group === undefined ? { timestamp, openid: place.user } : { timestamp, group_openid: place.group, op_member_openid: "OPERATOR" } }, place);
}

/** Presses a button as a user. @returns the ids of the interaction and of the event. */
export function interact(state: QqState, user: string, { group, type = 11, resolved = {} }: QqInteraction): { readonly id: string; readonly eventId: string } {
  const place = group === undefined ? { user } : { user: "", group };
  const id = randomUUID();
  const who = group === undefined ? { scene: "c2c", chat_type: 2, user_openid: user } : { scene: "group", chat_type: 1, group_openid: group, group_member_openid: user };
  state.contacts.meet(place);
  setBounded(state.interactions, [id, true], LIMITS.keptCount);
  const d = { id, type, ...who, timestamp: timestampOf(state.now()), version: 1, data: { type, resolved } };
  return { id, eventId: state.publish({ t: "INTERACTION_CREATE", d }, place) };
}
