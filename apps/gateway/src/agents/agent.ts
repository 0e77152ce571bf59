import type { AttachmentKind, ConversationKind, MarkerKind, MessagePart } from "@revka/core";
import type { FetchedMedia } from "../media/prepare-message.ts";

/** What an agent is asked: one message of one conversation. */
export interface TurnRequest {
  /** A ULID: the reference that logs and notices name, the same for every attempt. */
  readonly turnId: string;
  /** From 1; more when an earlier attempt was interrupted, e.g. by a crash. The agent may have acted then. */
  readonly attempt: number;
  readonly conversation: {
    /** Stable and unique over all channels: what an agent remembers a conversation by. */
    readonly key: string;
    readonly channel: string;
    readonly kind: ConversationKind;
    readonly id: string;
    readonly threadId?: string;
  };
  readonly sender: { readonly id: string; readonly name?: string };
  readonly message: {
    /** The platform's ids of the messages that were joined into this one. */
    readonly ids: readonly string[];
    /** The words alone, as they were written: untrusted, markers and all. */
    readonly text: string;
    /** Everything as text: quotes and attachments included, images as `data:` markers, foreign markers made harmless. */
    readonly rendered: string;
    readonly parts: readonly MessagePart[];
    /** The files that were fetched, images first of all; in memory only. */
    readonly media: readonly FetchedMedia[];
    /** BCP 47, where the platform tells. */
    readonly locale?: string;
    /** Epoch ms, by the platform's clock. */
    readonly sentAt: number;
  };
  /** What was said before, oldest first; empty where the gateway keeps none. */
  readonly history: readonly { readonly role: "user" | "assistant"; readonly text: string; readonly name?: string }[];
  readonly hints: {
    readonly format: "markdown" | "text";
    /** The longest text that goes out as one message; a longer answer is split. */
    readonly text: { readonly limit: number; readonly unit: "bytes" | "chars" };
    /** The markers that send a file here, e.g. `[IMAGE:cat.png]`; empty where the agent's text is taken as it is. */
    readonly markers: readonly MarkerKind[];
  };
}

/** What an agent says while it works on a turn. */
export type TurnEvent =
  /** Appended to the answer. */
  | { readonly kind: "delta"; readonly text: string }
  /** Discards the answer so far. */
  | { readonly kind: "clear" }
  /** What it is doing: logged at debug. */
  | { readonly kind: "progress"; readonly text: string }
  /**
   * A file to send after the words: a path below the folders for it, an https address, or a `data:` URI. One that cannot
   * be sent is said so in a line.
   */
  | { readonly kind: "attachment"; readonly media: AttachmentKind; readonly target: string; readonly name?: string }
  /** The end. `text`, where given, replaces the answer so far. */
  | { readonly kind: "done"; readonly text?: string }
  /** The turn failed. Only `userText` (up to 500 characters) is shown to the user; `message` goes to the log. */
  | { readonly kind: "error"; readonly message: string; readonly isRetryable?: boolean; readonly userText?: string };

/** Whatever thinks. */
export interface Agent {
  /** `"echo"`, ... as in `[agent] kind`. */
  readonly kind: string;
  /**
   * Its text may send files by markers such as `[IMAGE:cat.png]`. Only for agents that let no user put words into their
   * mouth unchanged: who can type a marker could have a file sent.
   * @default false
   */
  readonly outboundMarkers?: boolean;
  /**
   * Works on one turn and yields as it goes; a sequence that ends without `done` ends the answer as well. Turns of one
   * conversation come one after another, those of others at once.
   *
   * @param signal - aborts on a time-out and when the gateway stops; an agent that goes on is no longer listened to.
   */
  turn(request: TurnRequest, signal: AbortSignal): AsyncIterable<TurnEvent>;
  /** Called once before the first turn. */
  start?(): Promise<void>;
  /** Called once after the last turn. */
  stop?(): Promise<void>;
}
