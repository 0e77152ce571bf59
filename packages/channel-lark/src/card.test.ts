import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halve, markdownCard, split, toCardMarkdown, withoutMentions } from "./card.ts";
import { LIMITS } from "./limits.ts";

const bodyBytes = (markdown: string): number =>
  Buffer.byteLength(JSON.stringify({ receive_id: "x".repeat(64), msg_type: "interactive", uuid: "x".repeat(50), content: JSON.stringify(markdownCard(markdown)) }));

describe("toCardMarkdown", () => {
  it.each([
    ["keeps Markdown", "# h\n> q\n- `x` **b** [l](https://a.b)\n\n| a |\n|---|", "# h\n> q\n- `x` **b** [l](https://a.b)\n\n| a |\n|---|"],
    ["makes a picture from elsewhere a link", "see ![a cat](https://a.b/c.png \"t\")!", "see [a cat](https://a.b/c.png)!"],
    ["names a picture without words", "![](https://a.b/c.png)", "[image](https://a.b/c.png)"],
    ["leaves of a local picture its words", "![plan](/tmp/plan.png)", "plan"],
    ["keeps a picture that was uploaded", "![x](img_v3_0abc)", "![x](img_v3_0abc)"],
    ["keeps code", "`![a](https://b)`\n```md\n![a](https://b)\n```", "`![a](https://b)`\n```md\n![a](https://b)\n```"],
    ["mentions nobody", "<at id=all></at> <AT user_id='ou_1'/>", "<\u200bat id=all></at> <\u200bAT user_id='ou_1'/>"],
    ["mentions nobody in code either", "```\n<at id=all></at>\n```", "```\n<\u200bat id=all></at>\n```"],
    ["leaves other words alone that begin so", "<attribute> <a> 1 <at", "<attribute> <a> 1 <\u200bat"],
  ])("%s", (_title, markdown, expected) => {
    expect(toCardMarkdown(markdown)).toBe(expected);
  });
});

describe("withoutMentions", () => {
  it("is enough to apply once", () => {
    const text = "<at id=all></at><<at id=1>";
    expect(withoutMentions(withoutMentions(text))).toBe(withoutMentions(text));
    expect(withoutMentions(text)).not.toMatch(/<at\b/);
  });
});

describe("split", () => {
  const rows = (count: number): string => `| a | b |\n|---|---|\n${"| \"一\" | 2 |\n".repeat(count)}`;

  it.each([
    ["100 kB of Chinese (LARK-49)", "这是一行相当长的中文文字，用来测试。\n".repeat(2_000)],
    ["one line of 40 kB (LARK-49)", "字".repeat(14_000)],
    ["quotes and line ends, which double (LARK-49)", "\"\\\"\n\n\"".repeat(9_000)],
    ["control characters, which grow sixfold", "\u0001".repeat(30_000)],
    ["mentions and pictures, which grow when they are taken out", "<at id=1>![](https://a)".repeat(1_500)],
  ])("keeps %s within the platform's sizes and loses nothing", (_title, text) => {
    const pieces = split(text);
    expect(pieces.join("")).toBe(text);
    for (const piece of pieces) {
      expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(LIMITS.cardMarkdownBytes);
      expect(bodyBytes(piece)).toBeLessThanOrEqual(LIMITS.cardBodyBytes);
      expect(piece.isWellFormed()).toBe(true);
      expect(split(piece)).toEqual([piece]);
    }
  });

  it("closes a fence at the cut and opens it again the same way (LARK-49)", () => {
    const pieces = split(`~~~ts x\n${"const a = 1;\n".repeat(4_000)}~~~\n`);
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) expect(piece).toMatch(/^~~~ts x\n[^]*\n~~~\n?$/);
  });

  it("repeats the head of a table that is cut (LARK-49)", () => {
    const pieces = split(rows(3_000));
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) expect(piece.startsWith("| a | b |\n|---|---|\n| ")).toBe(true);
  });

  it("puts at most three tables on a card, quoted ones and those without rows too", () => {
    const text = `${`${rows(1)}\n`.repeat(4)}> | q |\n> |---|\n> | 1 |\n\n| head |\n|---|\n\n\`\`\`\n${rows(1)}\`\`\`\n`;
    const pieces = split(text);
    expect(pieces).toHaveLength(2);
    expect(pieces.join("")).toBe(text);
    expect(pieces[0]).toBe(`${rows(1)}\n`.repeat(3));
  });

  it("gives a text that fits as it is, and no piece for a blank one", () => {
    expect(split("  \n")).toEqual([]);
    expect(split("a\n\nb ")).toEqual(["a\n\nb "]);
  });

  it("holds its bounds for any text", () => {
    const line = fc.oneof(fc.string({ unit: "grapheme", maxLength: 60 }), fc.constantFrom("| a | b |", "|---|---|", "```", "<at id=all>", "![x](https://y)", "\"\"\"\"", ""));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 400 }), fc.integer({ min: 1, max: 40 }), (lines, times) => {
        for (const piece of split(`${lines.join("\n")}\n`.repeat(times))) {
          if (bodyBytes(piece) > LIMITS.cardBodyBytes || Buffer.byteLength(piece) > LIMITS.cardMarkdownBytes) return false;
        }
        return true;
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});

describe("halve", () => {
  it("cuts by the tables, else by the length, and leaves a short text alone", () => {
    const table = "| a |\n|---|\n| 1 |\n\n";
    expect(halve(table.repeat(3))).toEqual([table.repeat(2), table]);
    const words = "some words\n".repeat(100);
    expect(halve(words).length).toBeGreaterThan(1);
    expect(halve(words).join("")).toBe(words);
    expect(halve("short")).toEqual(["short"]);
  });
});
