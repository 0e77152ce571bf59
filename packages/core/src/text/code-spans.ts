import { findFences } from "./markdown-blocks.ts";

/** A stretch of a text, from `start` up to and without `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is code in a Markdown text, in order: fenced blocks, and inline code between two equally long runs of back-ticks. */
export function findCode(text: string): Span[] {
  let from = 0;
  const spans = findFences(text).flatMap((fence) => {
    const before = inlineCode(text, from, fence.start);
    from = fence.end;
    return [...before, fence];
  });
  return [...spans, ...inlineCode(text, from, text.length)];
}

/** Inline code ends with its paragraph; a run without a partner there is plain text. */
function inlineCode(text: string, from: number, to: number): Span[] {
  const marks = [...text.slice(from, to).matchAll(/`+|\n\s*\n/g)].map((match) => ({
    start: from + match.index,
    end: from + match.index + match[0].length,
    isRun: match[0].startsWith("`"),
  }));
  // From behind, so that each run finds its partner without a search: many lengths of run stay cheap.
  const nextOfLength = new Map<number, number>();
  const partners = marks.map(() => -1);
  for (const [index, { start, end, isRun }] of [...marks.entries()].reverse()) {
    if (isRun) {
      partners[index] = nextOfLength.get(end - start) ?? -1;
      nextOfLength.set(end - start, index);
    } else {
      nextOfLength.clear();
    }
  }
  const spans: Span[] = [];
  let codeEnd = from;
  for (const [index, { start }] of marks.entries()) {
    const partner = marks[partners[index] ?? -1];
    if (start < codeEnd || !partner) continue;
    codeEnd = partner.end;
    spans.push({ start, end: codeEnd });
  }
  return spans;
}
