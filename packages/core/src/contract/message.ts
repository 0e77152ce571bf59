import type { Json } from "./json.ts";

// Everything in this file is plain JSON: messages wait on disk and cross processes.

/** Whether a conversation has one person or many on the other side. */
export type ConversationKind = "direct" | "group";

/** Where a message belongs. Its `id` is stable across restarts. */
export interface Conversation {
  /** The platform's id of the chat; for platforms without chats, the sender's id. */
  readonly id: string;
  readonly kind: ConversationKind;
  /** The thread or topic inside the conversation, where the platform has them. */
  readonly threadId?: string;
  readonly title?: string;
}

/** Who wrote a message. */
export interface Sender {
  /** The id that the allowlist names first. */
  readonly id: string;
  /** Further ids of the same person; the allowlist may name any of them. */
  readonly altIds?: readonly string[];
  readonly name?: string;
}

/** The media an attachment can be. */
export type AttachmentKind = "image" | "audio" | "video" | "file";

/** A file in a message, still at the platform: `Channel.download` fetches it. */
export interface Attachment {
  readonly kind: AttachmentKind;
  /** What the channel needs to fetch it; nobody else reads it. */
  readonly ref: Json;
  /** The sender's file name: for display, never a path. */
  readonly name?: string;
  readonly mediaType?: string;
  readonly sizeBytes?: number;
  readonly durationMs?: number;
  /** What was said, where the platform itself transcribes voice. */
  readonly transcript?: string;
}

/** One piece of a message, in the order the sender gave them. */
export type MessagePart =
  | { readonly kind: "text"; readonly text: string }
  | Attachment
  | { readonly kind: "quote"; readonly text: string; readonly messageId?: string; readonly senderName?: string }
  | { readonly kind: "action"; readonly action: string; readonly value?: Json }
  | { readonly kind: "unsupported"; readonly type: string };

/** A message from a platform, admitted and normalised. */
export interface InboundMessage {
  /** The platform's own id: the dedup key and the reply anchor. */
  readonly id: string;
  /** The channel instance it came through, e.g. `"lark"`. */
  readonly channel: string;
  readonly conversation: Conversation;
  readonly sender: Sender;
  readonly parts: readonly MessagePart[];
  /** The bot was addressed by name; always true in a direct conversation. */
  readonly mentionsBot: boolean;
  /** When the sender sent it (epoch ms), by the platform's clock where it tells. */
  readonly sentAt: number;
  /** When we received it (epoch ms). */
  readonly receivedAt: number;
  /** BCP 47 tag of the sender's language, where the platform tells. */
  readonly locale?: string;
}

/** A message on its platform. */
export interface MessageRef {
  readonly conversationId: string;
  readonly messageId: string;
}

/** Where an answer goes. */
export interface ReplyTarget {
  readonly conversationId: string;
  /** Absent when an operator addresses a bare id. */
  readonly kind?: ConversationKind;
  readonly threadId?: string;
  /** The message that is answered; absent when nobody asked. */
  readonly messageId?: string;
}

/** Fetched media. */
export interface MediaBytes {
  readonly bytes: Uint8Array;
  /** Sniffed from the bytes where possible, else as the platform says. */
  readonly mediaType?: string;
  readonly name?: string;
}

/** A file to send along. */
export interface OutboundFile extends MediaBytes {
  readonly kind: AttachmentKind;
}

/** A file to send along that the platform fetches by itself. */
export interface OutboundLink {
  readonly kind: AttachmentKind;
  /** `https`, as an agent gave it: unchecked. */
  readonly url: string;
  readonly name?: string;
}

/** What goes along with a message; an `OutboundLink` only to a channel whose capabilities say `takesUrls`. */
export type OutboundMedia = OutboundFile | OutboundLink;

/** A message to a platform. */
export interface OutboundMessage {
  readonly target: ReplyTarget;
  /** Shown as the platform can: see `format`. May be empty when `media` is given. */
  readonly text: string;
  /** @default "markdown" */
  readonly format?: "markdown" | "text";
  readonly media?: OutboundMedia;
  /** Same key, same message: repeated sends show once where the platform can tell. */
  readonly idempotencyKey?: string;
}

/** What became of a send. */
export interface SendReceipt {
  /** The platform's ids of what was posted, in order; empty where it tells none. */
  readonly messageIds: readonly string[];
  /** Which way it went, where the channel has several, e.g. `"reply"` or `"push"`. */
  readonly route?: string;
  /** How many more answers this route takes, where the platform counts them. */
  readonly remainingReplies?: number;
}

/** The target that answers `message`. */
export function replyTo(message: InboundMessage): ReplyTarget {
  const { id, kind, threadId } = message.conversation;
  return { conversationId: id, kind, messageId: message.id, ...(threadId !== undefined && { threadId }) };
}

/** The words of a message: its text parts, joined by line ends. */
export function textOf(message: InboundMessage): string {
  return message.parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n");
}

/**
 * The file of a message to a channel that takes no links.
 * @throws TypeError when it is a link all the same: a mistake of the caller.
 */
export function requireFile(media: OutboundMedia): OutboundFile {
  if ("url" in media) throw new TypeError("This channel takes media as bytes, not by their address");
  return media;
}
