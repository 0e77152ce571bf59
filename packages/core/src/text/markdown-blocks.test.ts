import { describe, expect, it } from "vitest";
import { findFences, findFencesAndTables } from "./markdown-blocks.ts";

describe("findFences", () => {
  it.each([
    ["back-ticks", "a\n```js\nb\n```\nc", ["```js\nb\n```"]],
    ["tildes around back-ticks", "~~~\n```\n~~~", ["~~~\n```\n~~~"]],
    ["a closing fence that is longer and indented", "```\na\n  `````  \nb", ["```\na\n  `````"]],
    ["a closing fence that is too short", "````\na\n```\n````", ["````\na\n```\n````"]],
    ["an info string after what would close it", "```\na\n```js\n```", ["```\na\n```js\n```"]],
    ["carriage returns, which stay outside", "```\r\na\r\n```\r\nb", ["```\r\na\r\n```"]],
    ["a list's fence", "- ```\n  a\n  ```\n", ["- ```\n  a\n  ```"]],
    ["two fences", "```\na\n```\n```\nb\n```", ["```\na\n```", "```\nb\n```"]],
    ["one that is never closed", "a\n~~~\nb\n", ["~~~\nb\n"]],
    ["inline code of three back-ticks as no fence", "```a``` b\n", []],
    ["two marks as no fence", "``\na\n``", []],
  ])("sees %s (S-5)", (_title, text, fences) => {
    expect(findFences(text).map(({ start, end }) => text.slice(start, end))).toEqual(fences);
  });

  it("tells how a fence is opened and closed elsewhere: indented as it was, without the list's bullet (S-4, S-5)", () => {
    expect(findFences(" 10. ~~~~ sh x\n     a\n     ~~~~")).toMatchObject([{ opening: "     ~~~~ sh x\n", closing: "     ~~~~", bodyStart: 15, bodyEnd: 22 }]);
  });
});

describe("findFencesAndTables", () => {
  const found = (text: string): string[] => findFencesAndTables(text).map(({ start, end }) => text.slice(start, end));

  it.each([
    ["a table up to its last row", "x\n| a |\n|:-:|\n| 1 |\n\n| 2 |", ["| a |\n|:-:|\n| 1 |"]],
    ["a table without outer bars", "a | b\r\n--|--\r\n1 | 2\r\nc", ["a | b\r\n--|--\r\n1 | 2"]],
    ["a table that ends at a fence", "a | b\n--|--\n1 | 2\n~~~ |\n~~~", ["a | b\n--|--\n1 | 2", "~~~ |\n~~~"]],
    ["a table in a fence as code", "```\na | b\n--|--\n1 | 2\n```", ["```\na | b\n--|--\n1 | 2\n```"]],
    ["a header without rows as no table", "a | b\n--|--\n\n1 | 2", []],
    ["bars without a delimiter row as no table", "a | b\n1 | 2\n", []],
    ["a heading's underline as no table", "a | b\n-----\n1 | 2", []],
  ])("sees %s (S-6)", (_title, text, blocks) => {
    expect(found(text)).toEqual(blocks);
  });

  it("repeats a table's header with its delimiter row, and closes it with nothing (S-6)", () => {
    expect(findFencesAndTables("a | b\n--|--\n1 | 2")).toMatchObject([{ opening: "a | b\n--|--\n", closing: "" }]);
  });
});
