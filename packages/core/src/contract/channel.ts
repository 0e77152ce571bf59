import type { Attachment, AttachmentKind, InboundMessage, MediaBytes, MessageRef, OutboundMessage, ReplyTarget, SendReceipt } from "./message.ts";
import type { ChannelStatus } from "./status.ts";

/**
 * What a host answers when it is handed a message. All three mean that the platform may be told that it is done with:
 * on `"overflow"` there was no room for it, and the host has told its sender so.
 */
export type AcceptResult = "accepted" | "duplicate" | "overflow";

/** How a channel hands a message over. */
export interface AcceptOptions {
  /**
   * What to do while the host has no room. A channel that fetches its messages can wait; one that is pushed must not.
   * @default "refuse"
   */
  readonly whenFull?: "wait" | "refuse";
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Takes a message from a channel. Resolves once the message is safe and the platform may be told so;
 * rejects when it is not, and then the channel must not acknowledge it.
 */
export type Accept = (message: InboundMessage, options?: AcceptOptions) => Promise<AcceptResult>;

/** What a channel can do, as plain facts: no I/O, the same for its whole life. */
export interface Capabilities {
  readonly receive: "socket" | "webhook" | "poll" | "none";
  /** The longest text that one platform message takes. */
  readonly text: { readonly limit: number; readonly unit: "bytes" | "chars" };
  readonly markdown: boolean;
  /** Media kinds that can be downloaded. */
  readonly mediaIn: readonly AttachmentKind[];
  /** Media kinds that `send` takes. */
  readonly mediaOut: readonly AttachmentKind[];
  /** `send` also takes media by its address: the platform fetches it, or the channel where the platform cannot. */
  readonly takesUrls?: boolean;
  /** It can write first, without a message to answer. */
  readonly proactive: boolean;
  /** The platform drops a repeated send with the same idempotency key. */
  readonly idempotentSend: boolean;
  /** Sends the platform allows in a minute; paced by the channel itself. */
  readonly sendsPerMinute?: number;
}

/** The answer to "does it work?", asked by an operator. */
export interface HealthReport {
  readonly ok: boolean;
  readonly latencyMs: number;
  /** Why not, or what was found; safe to print. */
  readonly detail?: string;
}

/** How a download is bounded. */
export interface DownloadOptions {
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** An answer that grows while people watch. End it with exactly one of `finish` and `cancel`. */
export interface Draft {
  /** Replaces what is shown; calls in between may be skipped. */
  update(text: string): Promise<void>;
  finish(text: string): Promise<SendReceipt>;
  cancel(): Promise<void>;
}

/** A small sign on a message. The channel chooses the platform's emoji. */
export interface Reaction {
  readonly kind: "ack" | "done" | "failed";
  readonly locale?: string;
}

/**
 * One bot on one platform.
 *
 * What a platform lacks is an absent method, never one that does nothing: who composes asks `if (channel.openDraft)`.
 */
export interface Channel {
  /** The instance: the config section's name, e.g. `"lark"`. */
  readonly name: string;
  /** For people, e.g. `"Lark"`. */
  readonly displayName: string;
  readonly capabilities: Capabilities;
  /**
   * Receives until `signal` aborts, then resolves with every timer and socket closed. Ordinary drops are mended inside.
   * @throws AuthError when the platform refuses the credentials; any other error when it must be started again.
   */
  listen(accept: Accept, signal: AbortSignal): Promise<void>;
  /**
   * Delivers a message; a long text goes out as several, in order, each awaited.
   * @throws ChannelError; its `progress` tells how many parts arrived before.
   */
  send(message: OutboundMessage, signal?: AbortSignal): Promise<SendReceipt>;
  /** Cuts a text into pieces that `send` delivers as one platform message each: `split(piece)` gives `[piece]`. */
  split(text: string): readonly string[];
  /** Asks the platform, now. May be visible to users where `probeIsVisible` is set. */
  checkHealth(signal?: AbortSignal): Promise<HealthReport>;
  /** The health check posts something that people see. */
  readonly probeIsVisible?: boolean;
  /** How the connection stands, from traffic alone: no I/O. */
  status(): ChannelStatus;
  /** Fetches an attachment with the channel's own credentials. */
  download?(attachment: Attachment, options: DownloadOptions): Promise<MediaBytes>;
  /**
   * Fetches what a message only points to (the words of a quoted message, forwarded ones) and gives the message with it.
   * Called after the message was accepted, as it may be slow; what cannot be fetched stays as it is.
   */
  expand?(message: InboundMessage, signal?: AbortSignal): Promise<InboundMessage>;
  openDraft?(target: ReplyTarget, signal?: AbortSignal): Promise<Draft>;
  /** Shows "typing" until disposed. */
  startTyping?(target: ReplyTarget): AsyncDisposable;
  react?(ref: MessageRef, reaction: Reaction): Promise<void>;
}
