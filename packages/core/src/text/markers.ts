import { findCode } from "./code-spans.ts";
import type { AttachmentKind } from "../contract/message.ts";

/** The reserved words that open a media marker. */
export type MarkerKind = "IMAGE" | "PHOTO" | "VIDEO" | "VOICE" | "AUDIO" | "FILE" | "DOCUMENT" | "ATTACHMENT";

/** A medium that a text names: `[IMAGE:cat.png]`. */
export interface Marker {
  readonly kind: MarkerKind;
  /** A path, a URL or a `data:` URI: trimmed, never empty, and as trustworthy as whoever wrote the text. */
  readonly target: string;
}

const ATTACHMENT_KINDS: Readonly<Record<MarkerKind, AttachmentKind>> = {
  IMAGE: "image",
  PHOTO: "image",
  VIDEO: "video",
  VOICE: "audio",
  AUDIO: "audio",
  FILE: "file",
  DOCUMENT: "file",
  ATTACHMENT: "file",
};

const KEYWORD = `(${Object.keys(ATTACHMENT_KINDS).join("|")})`;
const MARKER_START = new RegExp(String.raw`\[${KEYWORD}:`, "gi");
// Wider than the grammar: no blank, invisible character or missing colon may smuggle a marker past a laxer reader.
const RESERVED_BRACKET = new RegExp(String.raw`\[(?=[\s\p{Cf}]*${KEYWORD}(?![\p{L}\p{N}_]))`, "giu");
const CONTROL = /(?![\n\t])\p{Cc}/gu;

/**
 * The plain stretches and the markers of `text`, in order.
 *
 * A marker is `[KIND:target]` on one line, the keyword in any case. Brackets in the target may nest. Without a target,
 * without its closing bracket, or inside fenced or inline code it is plain text.
 */
export function parseMarkers(text: string): (string | Marker)[] {
  const code = findCode(text).values();
  let span = code.next().value;
  const closings = closingBrackets(text);
  const segments: (string | Marker)[] = [];
  let plainFrom = 0;
  for (const match of text.matchAll(MARKER_START)) {
    while (span && span.end <= match.index) span = code.next().value;
    const end = closings.get(match.index);
    if (end === undefined || match.index < plainFrom || (span && span.start <= match.index)) continue;
    const marker = readMarker(match, end);
    if (!marker) continue;
    if (match.index > plainFrom) segments.push(text.slice(plainFrom, match.index));
    segments.push(marker);
    plainFrom = end + 1;
  }
  if (plainFrom < text.length) segments.push(text.slice(plainFrom));
  return segments;
}

/**
 * Takes the markers out of what strangers wrote: every `[` before a reserved keyword becomes `(`, control characters other
 * than line feeds and tabs become spaces. The length stays. Also for file names, link titles and transcripts.
 */
export function escapeMarkers(text: string): string {
  return text.replace(CONTROL, " ").replace(RESERVED_BRACKET, "(");
}

/**
 * Writes one marker. A target that would break it is made harmless: it is escaped itself, line ends become spaces, and
 * brackets that do not pair become parentheses. An empty target gives plain text, as the grammar has it.
 */
export function writeMarker(kind: MarkerKind, target: string): string {
  const line = escapeMarkers(target).replace(/[\n\t]/g, " ").trim();
  return `[${kind}:${hasPairedBrackets(line) ? line : line.replaceAll("[", "(").replaceAll("]", ")")}]`;
}

/** The kind of attachment that a marker stands for. */
export function attachmentKindOf(kind: MarkerKind): AttachmentKind {
  return ATTACHMENT_KINDS[kind];
}

function readMarker({ index, input, 0: opening, 1: word = "" }: RegExpExecArray, end: number): Marker | undefined {
  const kind = word.toUpperCase();
  const target = input.slice(index + opening.length, end).trim();
  return target !== "" && isMarkerKind(kind) ? { kind, target } : undefined;
}

function isMarkerKind(word: string): word is MarkerKind {
  return Object.hasOwn(ATTACHMENT_KINDS, word);
}

/** Where each opening bracket is closed, on its line; found in one pass, as a text may open very many. */
function closingBrackets(text: string): ReadonlyMap<number, number> {
  const closings = new Map<number, number>();
  let open: number[] = [];
  for (const { index, 0: mark } of text.matchAll(/[[\]\n]/g)) {
    if (mark === "[") open.push(index);
    else if (mark === "\n") open = [];
    else {
      const opening = open.pop();
      if (opening !== undefined) closings.set(opening, index);
    }
  }
  return closings;
}

function hasPairedBrackets(line: string): boolean {
  return closingBrackets(line).size * 2 === (line.match(/[[\]]/g)?.length ?? 0);
}
