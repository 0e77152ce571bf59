import type { Envelope, InboundMessage } from "@revka/core";
import { cardEnvelopeOf, normaliseCardAction } from "./card-action.ts";
import { readCardAction, readMessageEvent } from "./event.ts";
import { envelopeOf, normalise, type NormaliseOptions } from "./inbound.ts";
import type { EventEnvelope } from "./wire.ts";

/** Something that may come in: its outside, and how its content is read. */
export interface Offer {
  readonly envelope: Envelope;
  /** The chat it comes from, where that is told. */
  readonly chatId: string | undefined;
  readonly read: (options: NormaliseOptions) => InboundMessage;
}

/** The types of the events that we take. */
export const EVENTS: { readonly message: string; readonly card: string } = { message: "im.message.receive_v1", card: "card.action.trigger" };

/** What an event offers: nothing, where it is of a type that we do not take or cannot be read. */
export function offerOf({ header: { eventType }, event }: EventEnvelope, botOpenId: string | undefined): Offer | "unknown" | "unreadable" {
  switch (eventType) {
    case EVENTS.message: {
      const message = readMessageEvent(event);
      if (message === undefined) return "unreadable";
      return { envelope: envelopeOf(message, { openId: botOpenId }), chatId: message.chatId, read: (options) => normalise(message, options) };
    }
    case EVENTS.card: {
      const action = readCardAction(event);
      if (action === undefined) return "unreadable";
      return { envelope: cardEnvelopeOf(action, { openId: botOpenId }), chatId: action.chatId, read: (options) => normaliseCardAction(action, options) };
    }
    default:
      return "unknown";
  }
}
