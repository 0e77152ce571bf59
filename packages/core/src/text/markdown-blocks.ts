/** A stretch of Markdown that stays in one piece, or is closed and reopened where it is too long. All numbers are offsets into its text. */
export interface MarkdownBlock {
  /** Where its first line starts. */
  readonly start: number;
  /** Where its contents start: after the opening fence, or after a table's delimiter row. */
  readonly bodyStart: number;
  /** Where its contents end: at the closing fence's line, or after a table's last row. */
  readonly bodyEnd: number;
  /** Where its last line ends, without the line end; the text's end for a fence that is never closed. */
  readonly end: number;
  /** The whole lines that open it again elsewhere. */
  readonly opening: string;
  /** The line that closes it early; empty for a table. */
  readonly closing: string;
}

// A list marker may stand before a fence. An info string after back-ticks holds none itself: "```a```" is inline code.
const OPENING_FENCE = /^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}(?=[^`]*$)|~{3,})/;

/** The fenced code blocks of `text`, in order: of back-ticks or tildes, three or more, the closing fence at least as long. */
export function findFences(text: string): MarkdownBlock[] {
  return findBlocks(text, fenceAt);
}

/** The fenced code blocks and the tables of `text`, in order; what looks like a table inside a fence is code. */
export function findFencesAndTables(text: string): MarkdownBlock[] {
  return findBlocks(text, (whole, at) => fenceAt(whole, at) ?? tableAt(whole, at));
}

function findBlocks(text: string, blockAt: (text: string, at: number) => MarkdownBlock | undefined): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  for (let at = 0; at < text.length; ) {
    const block = blockAt(text, at);
    if (block) blocks.push(block);
    at = nextLine(text, block?.end ?? at);
  }
  return blocks;
}

function fenceAt(text: string, start: number): MarkdownBlock | undefined {
  const [, lead, fence] = OPENING_FENCE.exec(lineAt(text, start)) ?? [];
  if (lead === undefined || fence === undefined) return undefined;
  const bodyStart = nextLine(text, start);
  // A list's bullet is not repeated, only the indentation it gave the fence.
  const indent = lead.replace(/[^ \t]/g, " ");
  const opening = indent + text.slice(start + lead.length, bodyStart);
  const closing = indent + fence;
  for (let at = bodyStart; at < text.length; at = nextLine(text, at)) {
    const line = lineAt(text, at).trimEnd();
    if (closes(line, fence)) return { start, bodyStart, bodyEnd: at, end: at + line.length, opening, closing };
  }
  return { start, bodyStart, bodyEnd: text.length, end: text.length, opening, closing };
}

function closes(line: string, fence: string): boolean {
  const marks = line.trimStart();
  return marks.startsWith(fence) && marks === fence.charAt(0).repeat(marks.length);
}

function tableAt(text: string, start: number): MarkdownBlock | undefined {
  const delimiter = nextLine(text, start);
  if (!isRow(lineAt(text, start)) || !isDelimiterRow(lineAt(text, delimiter))) return undefined;
  const bodyStart = nextLine(text, delimiter);
  let end = bodyStart;
  for (let at = bodyStart; at < text.length; at = nextLine(text, at)) {
    const line = lineAt(text, at).trimEnd();
    if (!isRow(line)) break;
    end = at + line.length;
  }
  if (end === bodyStart) return undefined;
  return { start, bodyStart, bodyEnd: end, end, opening: text.slice(start, bodyStart), closing: "" };
}

function isRow(line: string): boolean {
  return line.includes("|") && !OPENING_FENCE.test(line);
}

function isDelimiterRow(line: string): boolean {
  return line.includes("|") && line.includes("-") && /^[-|:\s]+$/.test(line);
}

function lineAt(text: string, start: number): string {
  return text.slice(start, lineEnd(text, start));
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function nextLine(text: string, at: number): number {
  return Math.min(lineEnd(text, at) + 1, text.length);
}
