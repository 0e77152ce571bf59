import { type DingtalkContent, type DingtalkQuote, renderContent } from "./content.ts";
import { overQuota, renderPayload } from "./payload.ts";
import type { DingtalkState } from "./state.ts";
import { WEBHOOK_PATH } from "./webhook-routes.ts";
import { ROBOT_TOPIC } from "./wire.ts";

/** How a user says something. */
export interface DingtalkSaying {
  /** Conversation id of the group that it is said in; in private unless given. */
  readonly group?: string;
  /** Whether the robot is mentioned in the group; default true. Otherwise it gets nothing. */
  readonly mention?: boolean;
  readonly quote?: DingtalkQuote;
  /** Fields that are added to the message or replace its own; `undefined` takes one away. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Id of the connection that gets it, even one that is draining. */
  readonly connection?: number;
}

/**
 * Says something as a user.
 *
 * @returns the message's `msgId`.
 * @throws TypeError for a kind that does not exist in groups.
 */
export function sayAs(state: DingtalkState, url: string, { user, content, ...saying }: DingtalkSaying & { readonly user: string; readonly content: DingtalkContent }): string {
  const { group, quote, mention = true, overrides = {}, connection } = saying;
  const at = state.now();
  const place = group === undefined ? { user } : { user: "", group };
  const store = (bytes: Uint8Array): string => state.media.store(bytes);
  const fields = renderContent(content, { isGroup: group !== undefined, at, store, ...(quote === undefined ? {} : { quote }) });
  const msgId = state.newMessageId();
  if (group !== undefined) state.join(group);
  if (group !== undefined && !mention) return msgId;
  const session = state.sessions.open(place);
  const webhookUrl = `${url}${WEBHOOK_PATH}?session=${session.token}`;
  const envelope = { msgId, sender: user, place, session, webhookUrl, robotCode: state.credentials.clientId, at };
  const payload = renderPayload(envelope, fields, state.behaviour);
  state.received += 1;
  const { quota, quotaKeys } = state.behaviour;
  const data = { ...(quota !== null && state.received > quota ? overQuota(payload, quotaKeys) : payload), ...overrides };
  state.deliveries.send(msgId, { type: "CALLBACK", topic: ROBOT_TOPIC, data }, connection === undefined ? {} : { connection });
  return msgId;
}
