import * as v from "valibot";
import * as lenient from "./lenient.ts";
import { decodeMessage, MESSAGE_TYPES, type QqMessage } from "./message-event.ts";
import { conversationIdOf, recipientOf } from "./recipient.ts";

/** What the platform tells by a dispatch. */
export type QqEvent =
  | { readonly kind: "message"; readonly type: string; readonly message: QqMessage }
  /** Somebody wants, or no longer wants, messages that answer nothing. */
  | { readonly kind: "consent"; readonly type: string; readonly conversationId: string; readonly isGiven: boolean }
  /** Nothing for us. */
  | { readonly kind: "other"; readonly type: string }
  /** It should be one of ours, and cannot be read. */
  | { readonly kind: "unreadable"; readonly type: string };

/** Whether such an event allows messages that answer nothing. */
const CONSENTS: ReadonlyMap<string, boolean> = new Map([
  ["FRIEND_ADD", true],
  ["FRIEND_DEL", false],
  ["C2C_MSG_RECEIVE", true],
  ["C2C_MSG_REJECT", false],
  ["GROUP_ADD_ROBOT", true],
  ["GROUP_DEL_ROBOT", false],
  ["GROUP_MSG_RECEIVE", true],
  ["GROUP_MSG_REJECT", false],
]);

const consentSchema = v.pipe(lenient.record, v.object({ openid: lenient.id, group_openid: lenient.id }));

/** Reads a dispatch. */
export function decodeEvent(type: string, data: unknown): QqEvent {
  if (MESSAGE_TYPES.has(type)) {
    const message = decodeMessage(type, data);
    return message === undefined ? { kind: "unreadable", type } : { kind: "message", type, message };
  }
  const isGiven = CONSENTS.get(type);
  if (isGiven === undefined) return { kind: "other", type };
  const conversationId = conversationOf(type, data);
  return conversationId === undefined ? { kind: "unreadable", type } : { kind: "consent", type, conversationId, isGiven };
}

function conversationOf(type: string, data: unknown): string | undefined {
  const { openid, group_openid } = lenient.read(consentSchema, data);
  const id = type.startsWith("GROUP_") ? group_openid : openid;
  if (id === undefined) return undefined;
  try {
    return conversationIdOf(recipientOf({ conversationId: id, kind: type.startsWith("GROUP_") ? "group" : "direct" }));
  } catch {
    return undefined;
  }
}
