import { randomUUID } from "node:crypto";
import type { LarkCredentials } from "./credentials.ts";

/** Something that happened, as a bot is told it. */
export interface LarkEvent {
  /** E.g. `im.message.receive_v1`. */
  readonly eventType: string;
  readonly event: unknown;
  /** Fields that are added to the header or replace its own; `undefined` takes one away. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Type of the event that a click on a card is. */
export const CLICK_EVENT = "card.action.trigger";

/** A new id of an event. */
export function newEventId(): string {
  return randomUUID().replaceAll("-", "");
}

/** The envelope, version 2, that an event comes in. */
export function renderEnvelope({ eventType, event, header }: LarkEvent, eventId: string, { appId, tenantKey, verificationToken, at }: LarkCredentials & { readonly tenantKey: string; readonly at: number }): object {
  const usual = { event_id: eventId, event_type: eventType, create_time: String(at), token: verificationToken, app_id: appId, tenant_key: tenantKey };
  return { schema: "2.0", header: { ...usual, ...header }, event };
}
