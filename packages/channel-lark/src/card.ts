import { findCode, findFences, splitText } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** A card of one Markdown element, in Card JSON 2.0; properties that it does not know the platform refuses. */
export interface MarkdownCard {
  readonly schema: "2.0";
  readonly config: Readonly<Record<string, unknown>>;
  readonly body: { readonly elements: readonly [{ readonly tag: "markdown"; readonly element_id: string; readonly content: string }] };
}

/** The name of a card's one element: what grows while an answer is streamed. */
export const ELEMENT_ID = "md_1";

/**
 * The card that shows a text.
 *
 * @param config - besides what every card has.
 */
export function markdownCard(markdown: string, config: Readonly<Record<string, unknown>> = {}): MarkdownCard {
  return { schema: "2.0", config: { update_multi: true, ...config }, body: { elements: [{ tag: "markdown", element_id: ELEMENT_ID, content: toCardMarkdown(markdown) }] } };
}

/**
 * Markdown as a card takes it: a picture from elsewhere, for which it would be refused, becomes a link, and nobody is
 * mentioned. Code stays as it is, but for mentions.
 */
export function toCardMarkdown(markdown: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of findCode(markdown)) {
    pieces.push(withoutPictures(markdown.slice(from, start)), markdown.slice(start, end));
    from = end;
  }
  return withoutMentions([...pieces, withoutPictures(markdown.slice(from))].join(""));
}

/** A text in which nothing mentions anybody: an agent repeats what it is told, and `<at id=all>` wakes a whole group. */
export function withoutMentions(text: string): string {
  // A zero-width space holds in every kind of message; an escape would show in a plain text and in code.
  return text.replaceAll(/<(?=at(?:[\s/>]|$))/gi, "<\u200b");
}

/**
 * Cuts a Markdown text into pieces that one card each takes, tables counted; a blank text gives none.
 */
export function split(text: string): readonly string[] {
  return cut(text, LIMITS.cardMarkdownBytes, LIMITS.cardTables);
}

/** Cuts a piece in two, by its tables or else by its length; a short one stays as it is. */
export function halve(piece: string): readonly string[] {
  const bytes = Buffer.byteLength(piece);
  const tables = tableCount(piece);
  if (tables > 1) return cut(piece, LIMITS.cardMarkdownBytes, Math.ceil(tables / 2));
  return bytes < LIMITS.halvedBytes ? [piece] : cut(piece, Math.ceil(bytes / 2), 1);
}

/** The requests that carry a card are JSON in JSON; what they hold besides its text takes so much, at the most. */
const ENVELOPE_BYTES = 600;

/** What may be added to a text for the same number of bytes in the request. */
const ROOM_BYTES = LIMITS.cardBodyBytes - LIMITS.cardMarkdownBytes - ENVELOPE_BYTES;

function cut(text: string, maxBytes: number, maxTables: number): readonly string[] {
  const measure = (piece: string): number =>
    tableCount(piece) > maxTables ? Infinity : Math.max(Buffer.byteLength(piece), encodedBytesBound(piece) - ROOM_BYTES);
  return splitText(text, { limit: maxBytes, unit: "bytes", measure });
}

/** A bound of what a text becomes within a request. Unlike the exact number, it never falls when the text grows. */
function encodedBytesBound(text: string): number {
  const grown = [...text.matchAll(/<at|!\[/gi)].length * ADDED_BYTES;
  return Buffer.byteLength(JSON.stringify(JSON.stringify(text))) + grown;
}

/** The most that a mention or a picture becomes longer by. */
const ADDED_BYTES = 8;

/** How many tables a card shows: also one without rows, or within a quote. */
function tableCount(text: string): number {
  if (!text.includes("|")) return 0;
  let prose = "";
  let from = 0;
  for (const { start, end } of findFences(text)) {
    prose += text.slice(from, start);
    from = end;
  }
  const lines = (prose + text.slice(from)).split("\n");
  return lines.filter((line, index) => isDelimiterRow(line) && lines[index - 1]?.includes("|") === true).length;
}

function isDelimiterRow(line: string): boolean {
  return line.includes("|") && line.includes("-") && /^[-|:>\s]+$/.test(line);
}

/** Only pictures that this app has uploaded can be shown. */
function withoutPictures(prose: string): string {
  return prose.replaceAll(/!\[([^\]\n]*)\]\((?!img_)([^)\s]*)[^)\n]*\)/g, (_match, alt: string, target: string) => {
    const label = alt.trim() === "" ? "image" : alt;
    return /^https?:/i.test(target) ? `[${label}](${target})` : label;
  });
}
