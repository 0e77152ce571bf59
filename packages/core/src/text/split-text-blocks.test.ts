import { describe, expect, it } from "vitest";
import { splitText } from "./split-text.ts";

const chars = (limit: number): { limit: number; unit: "chars" } => ({ limit, unit: "chars" });
const lines = (...all: string[]): string => all.join("\n");

describe("splitText with fenced code", () => {
  it("breaks before a block that fits into a part (S-3)", () => {
    const fence = lines("```js", "one();", "", "two();", "```");
    expect(splitText(lines("Some text.", "", "More.", fence, "After."), chars(30))).toEqual(["Some text.\n\nMore.\n", `${fence}\n`, "After."]);
  });

  it("closes a longer block and reopens it with its info string, at a line end (S-4)", () => {
    const text = lines("```js title=x", "first();", "second();", "third();", "```", "done");
    expect(splitText(text, chars(38))).toEqual([
      lines("```js title=x", "first();", "second();", "```"),
      lines("```js title=x", "third();", "```", "done"),
    ]);
  });

  it("counts the closing fence in the limit: no part is longer, and one may be exactly full (S-4)", () => {
    const block = (letters: number): string => lines("~~~~", "x".repeat(letters), "~~~~");
    expect(splitText(block(30), chars(24))).toEqual([block(14), block(14), block(2)]);
  });

  it("starts a longer block in the current part when a line of it fits, else in the next (S-4)", () => {
    const block = lines("```", "aaaa", "bbbb", "cccc", "dddd", "eeee", "```");
    expect(splitText(`text\n${block}`, chars(24))[0]).toBe(lines("text", "```", "aaaa", "bbbb", "```"));
    expect(splitText(`text and more.\n${block}`, chars(24))[0]).toBe("text and more.\n");
  });

  it("cuts inside a line that is too long, on a line of its own before the closing fence (S-4, S-7)", () => {
    expect(splitText(lines("```", "x".repeat(20), "```"), chars(20))).toEqual([
      lines("```", "x".repeat(12), "```"),
      lines("```", "x".repeat(8), "```"),
    ]);
  });

  it.each([
    ["tildes", "~~~", "~~~"],
    ["four back-ticks", "````md", "````"],
    ["an indented fence", "   ```py", "   ```"],
  ])("keeps %s as they are (S-5)", (_title, opening, closing) => {
    const body = ["aa", "``", "bb", "~~", "cc", "dd"];
    expect(splitText(lines(opening, ...body, closing), chars(opening.length + closing.length + 12))).toEqual([
      lines(opening, "aa", "``", "bb", closing),
      lines(opening, "~~", "cc", "dd", closing),
    ]);
  });

  it("takes a shorter or different fence inside a block for code (S-5)", () => {
    const text = lines("````md", "```", "one", "```", "~~~~", "two", "````");
    expect(splitText(text, chars(30))).toEqual([lines("````md", "```", "one", "```", "~~~~", "````"), lines("````md", "two", "````")]);
  });

  it("keeps the indentation that a list gives a fence, without its bullet (S-5)", () => {
    const text = lines("1. ```sh", "   one", "   two", "   three", "   ```");
    expect(splitText(text, chars(32))).toEqual([lines("1. ```sh", "   one", "   two", "   ```"), lines("   ```sh", "   three", "   ```")]);
  });

  it("closes and reopens a block that the text never closes (S-4)", () => {
    expect(splitText(lines("```", "aaaaaaa", "bbbbbbb", "ccccccc"), chars(24))).toEqual([
      lines("```", "aaaaaaa", "bbbbbbb", "```"),
      lines("```", "ccccccc"),
    ]);
  });

  it("leaves no empty block behind when only blank lines and a long closing fence remain (S-8)", () => {
    const text = lines("```", "aaaa", "bbbb", "", "", "`````");
    expect(splitText(text, chars(20))).toEqual([lines("```", "aaaa", "```"), lines("```", "bbbb", "", "", "`````")]);
  });

  it("cuts a block whose opening line alone is too long like any text (S-7)", () => {
    const text = lines(`\`\`\`${"i".repeat(20)}`, "code", "```");
    expect(splitText(text, chars(16)).join("")).toBe(text);
  });

  it("reads many small blocks in one pass", () => {
    const text = "```\na\n```\nb\n\n".repeat(20_000);
    expect(splitText(text, chars(1000)).join("")).toBe(text);
  });
});

describe("splitText with tables", () => {
  const head = lines("| a | b |", "|---|---|");

  it("keeps a table that fits in one part", () => {
    const table = lines(head, "| 1 | 2 |", "| 3 | 4 |");
    expect(splitText(lines("Some words first.", table), chars(40))).toEqual(["Some words first.\n", table]);
  });

  it("breaks between rows and repeats the header with its delimiter row (S-6)", () => {
    const text = lines(head, "| 1 | 2 |", "| 3 | 4 |", "| 5 | 6 |", "", "end");
    expect(splitText(text, chars(40))).toEqual([
      `${lines(head, "| 1 | 2 |", "| 3 | 4 |")}\n`,
      lines(head, "| 5 | 6 |", "", "end"),
    ]);
  });

  it("consumes something of every row, even under a header (S-7)", () => {
    const row = `| ${"x".repeat(60)} |`;
    const parts = splitText(lines(head, row), chars(40));
    expect(parts.every((part) => part.length <= 40)).toBe(true);
    expect(parts.map((part) => part.replace(`${head}\n`, "")).join("")).toBe(row);
  });

  it("takes rows inside a fence for code", () => {
    const text = lines("```", head, "| 1 | 2 |", "| 3 | 4 |", "```");
    expect(splitText(text, chars(46))[1]).toBe(lines("```", "| 3 | 4 |", "```"));
  });
});
