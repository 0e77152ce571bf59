import { describe, expect, it } from "vitest";
import { countTables, imagesOf } from "./card-markdown.ts";

const TABLE = "| a | b |\n|---|:-:|\n| 1 | 2 |";

describe("countTables", () => {
  it.each<readonly [title: string, markdown: string, count: number]>([
    ["no table", "plain | text\n\n---", 0],
    ["one table", TABLE, 1],
    ["one without outer pipes", "a | b\n--- | ---\n1 | 2", 1],
    ["one column", "| a |\n|---|\n| 1 |", 1],
    ["two tables", `${TABLE}\n\ntext\n\n${TABLE}`, 2],
    ["a table in a fence", `\`\`\`md\n${TABLE}\n\`\`\``, 0],
    ["a table behind a fence that holds a shorter one", `\`\`\`\`\n\`\`\`\n\`\`\`\`\n${TABLE}`, 1],
    ["a table in a fence that never ends", `~~~\n${TABLE}`, 0],
    ["a line of dashes under no header", "text\n|---|", 0],
  ])("finds %s", (_title, markdown, count) => {
    expect(countTables(markdown)).toBe(count);
  });
});

describe("imagesOf", () => {
  it.each<readonly [title: string, markdown: string, images: readonly string[]]>([
    ["a key", "look: ![alt](img_v3_1)", ["img_v3_1"]],
    ["an address with a title", '![](https://a.example/b.png "title")', ["https://a.example/b.png"]],
    ["several", "![a](k1)![b](<k2>)", ["k1", "k2"]],
    ["none in code", "`![a](k1)` and\n```\n![a](k2)\n```", []],
    ["no link", "[a](https://a.example)", []],
  ])("finds %s", (_title, markdown, images) => {
    expect(imagesOf(markdown)).toEqual(images);
  });
});
