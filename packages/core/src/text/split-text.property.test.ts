import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findFences } from "./markdown-blocks.ts";
import { splitText, type SplitLimit } from "./split-text.ts";

const word = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 6 }),
  fc.constantFrom("你好世界", "一二三。四五六！", "👨‍👩‍👧‍👦", "🇩🇪🇫🇷", "👍🏽", "e\u0301\u0302"),
  fc.constantFrom("word", "End.", "`code`", "|", "x".repeat(50)),
);
const line = fc.array(word, { maxLength: 8 }).chain((words) => fc.constantFrom(" ", "", "  ", "\t").map((space) => words.join(space)));
const fence = fc
  .record({
    indent: fc.constantFrom("", "  ", "- ", "1. "),
    mark: fc.constantFrom("```", "````", "~~~", "~~~~~"),
    info: fc.constantFrom("", "js", "python title"),
    body: fc.array(fc.oneof(line, fc.constantFrom("", "```", "~~~", "| a | b |")), { maxLength: 8 }),
    isClosed: fc.boolean(),
  })
  .map(({ indent, mark, info, body, isClosed }) => [indent + mark + info, ...body, ...(isClosed ? [indent.replace(/\S/g, " ") + mark] : [])]);
const table = fc
  .array(fc.tuple(word, word), { minLength: 1, maxLength: 8 })
  .map((rows) => ["| a | b |", "|:--|--:|", ...rows.map(([left, right]) => `| ${left.replaceAll("\n", "")} | ${right.replaceAll("\n", "")} |`)]);
const markdown = fc
  .array(fc.oneof(line.map((one) => [one]), fc.constant([""]), fence, table), { maxLength: 12 })
  .chain((blocks) => fc.constantFrom("\n", "\r\n").map((end) => blocks.flat().join(end)));

const limits: fc.Arbitrary<SplitLimit> = fc.record({ limit: fc.integer({ min: 16, max: 120 }), unit: fc.constantFrom("bytes", "chars") });
const sizeIn = (text: string, { unit }: SplitLimit): number => (unit === "bytes" ? Buffer.byteLength(text) : text.length);

/** The ways to read `part` as inserted lines, a slice of the text, an inserted closing fence. */
function readings(part: string, before: string): string[] {
  const bodies = [part];
  const [first = "", second = ""] = part.split(/(?<=\n)/);
  const isKnown = (lines: string): boolean => before.includes(lines.trim());
  if (/^\s*(`{3}|~{3})/.test(first) && isKnown(first)) bodies.push(part.slice(first.length));
  if (/^[-|:\s]+$/.test(second) && isKnown(first + second)) bodies.push(part.slice(first.length + second.length));
  return bodies.flatMap((body) => {
    const closed = /(\n?)[ \t]*(?:`{3,}|~{3,})$/.exec(body);
    return closed ? [body, body.slice(0, closed.index), body.slice(0, closed.index) + (closed[1] ?? "")] : [body];
  });
}

/** Whether `parts` are the text, in order; white space may lack where it fits into neither neighbour. */
function isRejoined(text: string, parts: readonly string[], limit: SplitLimit): boolean {
  const isLost = (space: string, index: number): boolean =>
    [parts[index - 1], parts[index]].every((part) => part === undefined || sizeIn(part + space, limit) > limit.limit);
  const goesOn = (at: number, index: number): boolean => {
    const part = parts[index];
    const space = /^\s*/.exec(text.slice(at))?.[0] ?? "";
    const skips = [...Array(space.length + 1).keys()].filter((skip) => skip === 0 || isLost(space.slice(0, skip), index));
    if (part === undefined) return skips.some((skip) => at + skip === text.length);
    return readings(part, text.slice(0, at)).some((body) =>
      skips.some((skip) => text.startsWith(body, at + skip) && goesOn(at + skip + body.length, index + 1)),
    );
  };
  return goesOn(0, 0);
}

describe("splitText, for any text and limit", () => {
  it("keeps every part within the limit, and none blank (S-1, S-4)", () => {
    fc.assert(
      fc.property(markdown, limits, (text, limit) => {
        for (const part of splitText(text, limit)) {
          expect(sizeIn(part, limit)).toBeLessThanOrEqual(limit.limit);
          expect(part.trim()).not.toBe("");
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves a part as it is when it is split again", () => {
    fc.assert(
      fc.property(markdown, limits, (text, limit) => {
        for (const part of splitText(text, limit)) expect(splitText(part, limit)).toEqual([part]);
      }),
    );
  });

  it("gives back the text when the parts are joined without what was inserted (S-8)", () => {
    fc.assert(
      fc.property(markdown, limits, (text, limit) => {
        fc.pre(text.trim() !== "");
        expect(isRejoined(text, splitText(text, limit), limit)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("never cuts a surrogate pair (S-1)", () => {
    fc.assert(
      fc.property(markdown, limits, (text, limit) => {
        expect(splitText(text, limit).every((part) => part.isWellFormed())).toBe(true);
      }),
    );
  });

  it("never cuts a fenced block that fits into one part (S-3)", () => {
    fc.assert(
      fc.property(markdown, limits, (text, limit) => {
        const blocks = findFences(text).map(({ start, end }) => text.slice(start, end));
        const parts = splitText(text, limit);
        for (const block of blocks.filter((one) => sizeIn(one, limit) <= limit.limit && one.trim() !== "")) {
          expect(parts.some((part) => part.includes(block))).toBe(true);
        }
      }),
    );
  });
});
