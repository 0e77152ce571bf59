import { codePointStart } from "./text-ruler.ts";

/** Where a part may end. All numbers are offsets into the text. */
export interface CutRange {
  /** Where the part starts. */
  readonly start: number;
  /** A cut lies after this. */
  readonly floor: number;
  /** A cut lies here at the latest; not inside a code point. */
  readonly end: number;
}

// Each matches what stays in front of the cut. In order of preference.
const BLANK_LINE = /\n(?:[^\S\n]*\n)+/g;
const LINE_END = /\n/g;
const SENTENCE_END = /[.!?…]["'”’)\]]*[ \t]+|[。！？]["'”’」』）】》)\]]*[ \t\u3000]*/g;
const SPACE = /[ \t\u3000]+/g;

/** A better kind of cut is passed over where it would leave the part emptier than this share. */
const EMPTIEST = 1 / 4;

/** How far the text after a cut is looked at: it decides whether an emoji sequence goes on. */
const LOOK_AHEAD_CHARS = 32;

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The best place for a cut: after a blank line, a line, a sentence, before or after white space, or else between two graphemes. */
export function bestCut(text: string, range: CutRange): number {
  return breakIn(text, range, [BLANK_LINE, LINE_END, SENTENCE_END, SPACE]) ?? graphemeCut(text, range);
}

/** The best place for a cut between two lines; undefined when there is none. */
export function lineCut(text: string, range: CutRange): number | undefined {
  return breakIn(text, range, [BLANK_LINE, LINE_END]);
}

function breakIn(text: string, { start, floor, end }: CutRange, kinds: readonly RegExp[]): number | undefined {
  const stretch = text.slice(floor, end);
  const earliest = start + (end - start) * EMPTIEST;
  let early: number | undefined;
  for (const kind of kinds) {
    if (kind === SPACE && isBeforeSpace(text, end)) return end;
    const last = lastEnd(stretch, kind);
    if (last === undefined) continue;
    if (floor + last >= earliest) return floor + last;
    early ??= floor + last;
  }
  return early;
}

function isBeforeSpace(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at)) && text.charAt(at - 1) !== "\r";
}

function lastEnd(text: string, pattern: RegExp): number | undefined {
  let end: number | undefined;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}

/** A grapheme longer than the whole range is cut between two code points. */
function graphemeCut(text: string, { floor, end }: CutRange): number {
  const around = text.slice(floor, codePointStart(text, end + LOOK_AHEAD_CHARS));
  const cut = floor + (GRAPHEMES.segment(around).containing(end - floor)?.index ?? end - floor);
  return cut > floor ? cut : end;
}
