/** A stretch of a text: from `start` up to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a table stands in a TOML text. */
export interface TableSpan {
  /** From its header to the end of its last line that is not blank or a comment, sub-tables included. */
  readonly body: Span;
  /** The body with the comments that belong to it and the blank lines after it: what goes when the table goes. */
  readonly whole: Span;
}

interface Line extends Span {
  readonly text: string;
}

const HEADER = /^\s*\[{1,2}\s*([^\]\n]+?)\s*\]{1,2}/;

/**
 * Finds the table `dotted` that has a header of its own, together with its sub-tables where they follow it.
 *
 * It reads lines, not TOML: a header inside a multi-line string deceives it. Who edits by what it finds has to check
 * what comes out.
 */
export function findTable(text: string, dotted: string): TableSpan | undefined {
  const lines = linesOf(text);
  const first = lines.findIndex((line) => headerOf(line) === dotted);
  if (first === -1) return undefined;
  const next = lines.findIndex((line, index) => index > first && isForeignHeader(line, dotted));
  const after = next === -1 ? lines.length : next;
  const last = lines.findLastIndex((line, index) => index < after && hasContent(line));
  return { body: spanOf(lines, first, last), whole: spanOf(lines, commentsAbove(lines, first), lastOfWhole(lines, last, after)) };
}

function linesOf(text: string): Line[] {
  return Array.from(text.matchAll(/[^\n]*\n|[^\n]+$/g), ({ index, 0: line }) => ({ text: line, start: index, end: index + line.length }));
}

function headerOf({ text }: Line): string | undefined {
  return HEADER.exec(text)?.[1]?.replaceAll(/\s*\.\s*/g, ".").replaceAll(/["']/g, "");
}

function isForeignHeader(line: Line, dotted: string): boolean {
  const header = headerOf(line);
  return header !== undefined && header !== dotted && !header.startsWith(`${dotted}.`);
}

function isBlank({ text }: Line): boolean {
  return text.trim() === "";
}

function isComment({ text }: Line): boolean {
  return text.trimStart().startsWith("#");
}

function hasContent(line: Line): boolean {
  return !isBlank(line) && !isComment(line);
}

/** The first of the comment lines that stand directly above line `index`; `index` itself where there is none. */
function commentsAbove(lines: readonly Line[], index: number): number {
  return lines.findLastIndex((line, at) => at < index && !isComment(line)) + 1;
}

/** Comments directly below belong to the table, but not those that lead the next one; then its blank lines. */
function lastOfWhole(lines: readonly Line[], last: number, after: number): number {
  const notComment = lines.findIndex((line, at) => at > last && !isComment(line));
  const comments = notComment === -1 ? lines.length : notComment;
  const from = comments < after ? comments : last + 1;
  const notBlank = lines.findIndex((line, at) => at >= from && !isBlank(line));
  return (notBlank === -1 ? lines.length : notBlank) - 1;
}

function spanOf(lines: readonly Line[], first: number, last: number): Span {
  return { start: lines[first]?.start ?? 0, end: lines[last]?.end ?? 0 };
}
