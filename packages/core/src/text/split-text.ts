import { bestCut, lineCut } from "./cut-point.ts";
import { findFencesAndTables, type MarkdownBlock } from "./markdown-blocks.ts";
import { codePointStart, createTextRuler, type SplitLimit, type TextRuler } from "./text-ruler.ts";

export type { SplitLimit } from "./text-ruler.ts";

/**
 * Cuts a Markdown text into parts that each keep within `limit`.
 *
 * Cuts go, best first, after a blank line, a line, a sentence, a space; else between two characters as people see them.
 * A fenced code block or table that fits into one part is never cut. A longer one is cut between lines; the part ends
 * with a closing fence, the next begins with the same opening fence or table header, and both count.
 *
 * Nothing is trimmed: the parts, less what was so inserted, joined give back `text`. Only white space is left out, where
 * it would be a part of its own and fits into neither neighbour. A text that fits gives itself, a blank one no part.
 *
 * @throws RangeError when the limit is below 16, or too small for a single character with what `measure` adds.
 */
export function splitText(text: string, limit: SplitLimit): string[] {
  const ruler = createTextRuler(limit);
  if (isBlank(text)) return [];
  if (ruler.fits(text)) return [text];
  const blocks = findFencesAndTables(text).flatMap((block) => toGuarded(block, text, ruler));
  const parts: string[] = [];
  let start = 0;
  for (let first = 0; start < text.length; ) {
    while ((blocks[first]?.end ?? Infinity) <= start) first += 1;
    const { before, end, after } = nextPart({ text, ruler, start }, blocks, first);
    if (end <= start) throw new RangeError(`A limit of ${limit.limit} ${limit.unit} leaves no room for a character`);
    const slice = text.slice(start, end);
    if (!isBlank(slice)) parts.push(before + slice + (slice.endsWith("\n") ? after.slice(1) : after));
    start = end;
  }
  return parts;
}

/** A block and how it is kept. */
interface GuardedBlock extends MarkdownBlock {
  /** It fits into one part, so it is never cut. */
  readonly isWhole: boolean;
  /** The last place for a cut, so that what follows is more than a closing fence. */
  readonly lastCut: number;
}

/** What is still to be cut: `text` from `start` on. */
interface Rest {
  readonly text: string;
  readonly ruler: TextRuler;
  readonly start: number;
}

/** A part: `before` and `after` are inserted, `end` is where the next one starts. */
interface Part {
  readonly before: string;
  readonly end: number;
  readonly after: string;
}

/** What reopens and closes a block may take this share of a part; in the smallest part, that leaves the longest code point. */
const MOST_INSERTED = 3 / 4;

/** No block where one can neither stay whole nor be reopened with room to spare: it is then cut like any text. */
function toGuarded(block: MarkdownBlock, text: string, ruler: TextRuler): GuardedBlock[] {
  const { start, bodyStart, bodyEnd, end, opening } = block;
  const inked = text.slice(bodyStart, bodyEnd).trimEnd();
  const lastCut = codePointStart(text, bodyStart + inked.length - 1);
  if (ruler.fits(text.slice(start, end))) return [{ ...block, isWhole: true, lastCut }];
  const isReopenable = ruler.fits(opening + closingOf(block), MOST_INSERTED) && ruler.fits(opening + text.slice(lastCut, end));
  return lastCut > bodyStart && isReopenable ? [{ ...block, isWhole: false, lastCut }] : [];
}

/** @param first - the first of `blocks` that does not end before the part; the part may start inside it. */
function nextPart(rest: Rest, blocks: readonly GuardedBlock[], first: number): Part {
  const { text, ruler, start } = rest;
  const entered = blocks[first];
  const before = entered && entered.start < start ? entered.opening : "";
  const reach = ruler.reach(text, start, { before, after: "" });
  if (reach === text.length) return { before, end: reach, after: "" };

  let passed: GuardedBlock | undefined;
  for (let index = first; index < blocks.length; index += 1) {
    const block = blocks[index];
    if (!block || block.start >= reach) break;
    if (block.end > reach) return cutAtBlock(rest, block, before);
    passed = block;
  }
  const floor = passed?.end ?? firstInk(text, start, reach) ?? reach;
  return { before, end: bestCut(text, { start, floor, end: reach }), after: "" };
}

/** Ends a part that `block` does not fit into: in front of the block, or inside one that would fit into no part. */
function cutAtBlock({ text, ruler, start }: Rest, block: GuardedBlock, before: string): Part {
  const untouched = { before, end: block.start, after: "" };
  if (block.isWhole) return untouched;
  const after = closingOf(block);
  const from = Math.max(start, block.bodyStart);
  const end = Math.min(ruler.reach(text, start, { before, after }), block.lastCut);
  if (end <= from) return untouched;
  const range = { start, floor: firstInk(text, from, end) ?? from, end };
  const isAfterText = firstInk(text, start, block.start) !== undefined;
  const cut = isAfterText ? lineCut(text, range) : bestCut(text, range);
  return cut === undefined ? untouched : { before, end: cut, after };
}

function closingOf(block: MarkdownBlock): string {
  return block.closing === "" ? "" : `\n${block.closing}`;
}

function firstInk(text: string, from: number, to: number): number | undefined {
  const index = text.slice(from, to).search(/\S/);
  return index < 0 ? undefined : from + index;
}

function isBlank(text: string): boolean {
  return !/\S/.test(text);
}
