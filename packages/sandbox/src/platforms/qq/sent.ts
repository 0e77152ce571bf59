import { fileOf, type QqFile, type QqUpload } from "./media.ts";
import type { QqKind } from "./message.ts";
import type { QqPlace } from "./place.ts";
import type { ReferenceUse } from "./references.ts";

/** A message of the bot. */
export interface QqSent extends QqPlace {
  /** Counts from 1 and is never used twice, so it serves as a cursor. */
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  readonly id: string;
  /** What it is quoted by. */
  readonly refIdx: string;
  readonly kind: QqKind | "stream";
  /** The text or markdown, or what stands beside a file; empty where there is none. */
  readonly text: string;
  /** The file of a media message; its bytes are in `uploads`. */
  readonly media?: QqFile;
  /** What it answers: a message or an event, and the number of the answer; all absent when it answers nothing. */
  readonly msgId?: string;
  readonly eventId?: string;
  readonly msgSeq?: number;
  readonly isRecalled: boolean;
  /** The whole body of its call. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A message before it is counted. */
export interface Outgoing extends Pick<QqSent, "kind" | "text" | "payload"> {
  readonly upload?: QqUpload;
  readonly answers?: ReferenceUse;
}

/** The fields of a message that come from what the bot wrote. */
export function fieldsOf({ kind, text, payload, upload, answers }: Outgoing): Pick<QqSent, "kind" | "text" | "payload" | "media" | "msgId" | "eventId" | "msgSeq"> {
  return {
    kind, text, payload,
    ...(upload === undefined ? {} : { media: fileOf(upload) }),
    ...(answers === undefined ? {} : { [answers.kind === "message" ? "msgId" : "eventId"]: answers.id, msgSeq: answers.msgSeq }),
  };
}
