/** One attempt to bring an event to the bot. */
export interface LarkDelivery {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  /** What `say`, `click` or `push` gave: `om_…` of a message in a chat, else the id of its event. */
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  /** From 1. */
  readonly attempt: number;
  /** How it went out; absent when no connection could take it, so that nothing was sent. */
  readonly via?: "socket" | "webhook";
  /** Id of the connection. */
  readonly connection?: number;
  /** Value of the header `message_id` of its frames. */
  readonly transportId?: string;
  /** Epoch ms; absent while this attempt has no answer that counts. */
  readonly answeredAt?: number;
}

/** How an attempt may differ from what the platform would do. */
export interface LarkChoice {
  /** Id of the connection that gets it; one at random, or the webhook, unless given. */
  readonly connection?: number;
  /** The header `message_id`: another one (default) or that of the attempt before. */
  readonly transportId?: "new" | "same";
  /** The id of the event: the same one in every attempt (default), or another. */
  readonly eventId?: "new" | "same";
  /** The header `type`; default `"event"`. */
  readonly frame?: string;
  /** How many frames carry it; default 1. */
  readonly fragments?: number;
  /** Which of them go out in which order, from 0; a number may come twice or not at all. */
  readonly fragmentOrder?: readonly number[];
}

/** An event on its way to the bot. */
export interface Parcel {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  /** Whether it comes again when it is not answered. */
  readonly isRetried: boolean;
  /** What is inside under this event id, before it is written as JSON. */
  readonly render: (eventId: string) => unknown;
  /** Called when an answer counts, with what the bot gave back. */
  readonly onAnswer?: (data: unknown) => void;
}
