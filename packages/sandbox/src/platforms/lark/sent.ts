import type { JsonObject } from "./card-nodes.ts";

/** A change of a message after it was sent. */
export interface LarkEdit {
  /** Epoch ms. */
  readonly at: number;
  /** By a call of that name; `update` is the one with the token of a click. */
  readonly kind: "patch" | "put" | "update" | "recall";
  /** As the message reads then. */
  readonly text: string;
}

/** A file or image in a message. */
export interface LarkSentMedia {
  readonly key: string;
  /** Its `image_type` or `file_type`; empty of a sticker. */
  readonly uploadType: string;
  readonly name: string;
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
  readonly durationMs?: number;
}

/** A message of the bot. What may change after it was sent shows what is now. */
export interface LarkSent {
  /** Counts from 1 and is never used twice, so it serves as a cursor. */
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  readonly via: "send" | "reply";
  readonly messageId: string;
  readonly chatId: string;
  /** Open id of the partner in private; empty in a group. */
  readonly user: string;
  /** Chat id of the group. */
  readonly group?: string;
  readonly rootId?: string;
  readonly parentId?: string;
  readonly threadId?: string;
  readonly uuid?: string;
  /** Its `msg_type`. */
  readonly kind: string;
  /** As people read it now: text, title and paragraphs of a post, words of a card; else empty. */
  readonly text: string;
  /** The content as it was sent. */
  readonly payload: JsonObject;
  readonly media?: LarkSentMedia;
  /** The card entity that it shows. */
  readonly cardId?: string;
  /** Whether more may follow: its card is in streaming mode now. */
  readonly isStreaming: boolean;
  readonly isRecalled: boolean;
  /** What became of it, oldest first, the last 1,000; what became of a card entity is among the frames. */
  readonly edits: readonly LarkEdit[];
  /** Size of the request's body. */
  readonly bytes: number;
}

/** How a message was sent. */
export interface Sending {
  readonly via: LarkSent["via"];
  readonly uuid?: string | undefined;
  readonly bytes: number;
}
