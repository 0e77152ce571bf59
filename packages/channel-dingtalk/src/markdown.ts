import { findFences } from "@revka/core";

/**
 * Markdown as DingTalk's clients need it: line ends that they would swallow are made to hold, a table gets the blank
 * line it needs above, and what looks like HTML is escaped, for it blanks a whole message on phones. Code blocks stay
 * as they are.
 */
export function toDingtalkMarkdown(markdown: string): string {
  const text = markdown.replaceAll("\r\n", "\n");
  const pieces: string[] = [];
  let start = 0;
  for (const fence of findFences(text)) {
    pieces.push(proseOf(text.slice(start, fence.start)), text.slice(fence.start, fence.end));
    start = fence.end;
  }
  return [...pieces, proseOf(text.slice(start))].join("");
}

/**
 * A bound of what `toDingtalkMarkdown` makes of a text, in bytes of JSON. Unlike the exact number, it never falls when
 * the text grows.
 */
export function encodedBytesBound(text: string): number {
  const grown = [...text.matchAll(/[\n<]/g)].length * ADDED_BYTES;
  return Buffer.byteLength(JSON.stringify(text)) + grown;
}

/** The most that one line end or `<` becomes longer by. */
const ADDED_BYTES = 4;

function proseOf(prose: string): string {
  const lines = prose.replaceAll(/<(?=[a-z/!])(?!https?:)/gi, "&lt;").split("\n");
  return lines.map((line, index) => line + endOf(line, lines.slice(index + 1, index + 3))).join("\n");
}

/** What a line needs at its end, for what follows it. */
function endOf(line: string, [next, afterNext = ""]: readonly string[]): string {
  if (next === undefined || line.trim() === "" || next.trim() === "") return "";
  if (isRow(line)) return "";
  if (isRow(next) && isDelimiterRow(afterNext)) return "\n";
  const needsBreak = !isHeading(line) && !startsBlock(next) && !line.endsWith("  ");
  return needsBreak ? "  " : "";
}

function isHeading(line: string): boolean {
  return /^\s*#{1,6}\s/.test(line);
}

/** A quote's lines run together like any others, so they count as prose. */
function startsBlock(line: string): boolean {
  return isHeading(line) || isRow(line) || /^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(line);
}

function isRow(line: string): boolean {
  return /^\s*\|/.test(line);
}

function isDelimiterRow(line: string): boolean {
  return /^[-|:\s]+$/.test(line) && line.includes("-");
}
