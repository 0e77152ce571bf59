/** A step on a message's way through the gateway. */
export type GatewayStep =
  /** It is to be recorded; nothing is on disk yet. */
  | "received"
  /** It is on disk; the platform is told next. */
  | "accepted"
  | "duplicate"
  /** A bound refused it. */
  | "overflow"
  /** A voice message in it became text. */
  | "transcribed"
  /** A voice message in it could not be made into text; the agent is told so. */
  | "not-transcribed"
  /** Its turn is on disk as begun, and the agent is asked next. */
  | "agent-started"
  /** The answer is on disk; nothing was posted yet. */
  | "replied"
  /** The platform took a part; its receipt is not on disk yet. */
  | "part-sent"
  | "part-recorded"
  /** A part could not be sent and is tried again. */
  | "part-retried"
  /** Done, and on disk as such. */
  | "settled"
  /** Given up, and on disk as such. */
  | "dead";

/** What happened to which message. */
export interface GatewayEvent {
  readonly step: GatewayStep;
  readonly channel: string;
  readonly messageId: string;
  /** Set from `"agent-started"` on. */
  readonly turnId?: string;
  /** How long it took; with `"transcribed"` and `"not-transcribed"`. */
  readonly durationMs?: number;
  /** From 0; with the steps of a part. */
  readonly part?: number;
  /** Why; with `"overflow"` and `"dead"`, and as the code of the error with `"part-retried"`. */
  readonly reason?: string;
}

/**
 * Watches messages go by, for metrics and tests.
 *
 * Called synchronously on the hot path: count and return. It must not throw.
 */
export type GatewayObserver = (event: GatewayEvent) => void;

/** What happened on a channel, of no message that is kept. */
export interface ChannelEvent {
  /** A sender was refused; an access token was renewed; it could not be. */
  readonly step: "denied" | "token-refreshed" | "token-failed";
  readonly channel: string;
}

/** Watches the channels, as a `GatewayObserver` watches messages. */
export type ChannelObserver = (event: ChannelEvent) => void;
