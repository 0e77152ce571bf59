import { attachmentKindOf, parseMarkers, type Marker } from "@revka/core";
import { noticeText } from "../notices.ts";
import type { MediaReference, ReplyPart } from "./reply-part.ts";

/** Messages that one answer may become. A longer answer is cut, and says so: nobody reads an eleventh. */
export const MAX_PARTS = 10;

/** What an agent has answered. */
export interface PlannedAnswer {
  readonly text: string;
  /** Sent after the text. */
  readonly files?: readonly MediaReference[];
}

/** How an answer is cut. */
export interface PlanOptions {
  /** The channel's own: its pieces go out as they are. */
  readonly split: (text: string) => readonly string[];
  /** Whether markers in the text stand for files. */
  readonly hasMarkers?: boolean;
  readonly locale?: string | undefined;
}

/** A `data:` URI that was cut off: nothing for people to read. */
const OPEN_DATA = /\[[a-z]{4,10}:data:[^\]\n]*$/iu;

/** The messages that an answer becomes, in the order of the text; none for a blank one. */
export function planParts({ text, files = [] }: PlannedAnswer, { split, hasMarkers = false, locale }: PlanOptions): readonly ReplyPart[] {
  const segments = hasMarkers ? parseMarkers(text.replace(OPEN_DATA, "(attachment not sent)")) : [text];
  const inText = segments.flatMap((segment, place): readonly ReplyPart[] => {
    if (typeof segment !== "string") return [{ media: fileOf(segment) }];
    // A line end at its edge would show nothing, and might take a message of its own.
    return split(place === 0 ? segment.trimEnd() : segment.replace(/^\s*\n/u, "").trimEnd());
  });
  const parts = [...inText, ...files.map((media) => ({ media }))];
  return parts.length <= MAX_PARTS ? parts : [...parts.slice(0, MAX_PARTS - 1), noticeText("cut", locale)];
}

function fileOf({ kind, target }: Marker): MediaReference {
  return { kind: attachmentKindOf(kind), target };
}
