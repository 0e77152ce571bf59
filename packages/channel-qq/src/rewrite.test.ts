import { PlatformError } from "@revka/core";
import { describe, expect, it } from "vitest";
import { textContent } from "./outbound.ts";
import { toPlainText } from "./plain-text.ts";
import { rewrite } from "./rewrite.ts";

const refusal = (platformCode: number): PlatformError => new PlatformError("no", { platformCode: String(platformCode), platformMessage: "no" });

describe("rewrite", () => {
  it.each([22006, 304036, 50054, 50057, 40034011, 40034124, 40034127, 40034090])("makes markdown plain after %i", (code) => {
    expect(rewrite(textContent("# **Hi**", true), refusal(code))).toEqual({ mend: "markdown", contents: [{ msg_type: 0, content: "Hi" }] });
    expect(rewrite(textContent("Hi", false), refusal(code))).toBeUndefined();
  });

  it.each([304003, 40054010, 40034028])("breaks up addresses after %i", (code) => {
    const text = "See https://a.example.com/x.y, **crawler.py**, 3.14 and v1.2. End.";
    expect(rewrite(textContent(text, true), refusal(code))).toEqual({
      mend: "address", contents: [{ msg_type: 0, content: "See a．example．com/x．y, crawler．py, 3.14 and v1.2. End." }],
    });
  });

  it.each([40054007, 40054018])("cuts what is too long after %i, and keeps its kind", (code) => {
    const rewritten = rewrite(textContent("line\n".repeat(600), true), refusal(code));
    expect(rewritten?.contents).toHaveLength(2);
    expect(rewritten?.contents.every(({ msg_type }) => msg_type === 2)).toBe(true);
  });

  it("knows no help for anything else", () => {
    expect(rewrite(textContent("x", true), refusal(40034006))).toBeUndefined();
    expect(rewrite(textContent("x", true), new TypeError("x"))).toBeUndefined();
    expect(rewrite({ msg_type: 7, content: " ", media: { file_info: "i" } }, refusal(22006))).toBeUndefined();
  });
});

describe("toPlainText", () => {
  it.each([
    ["# Title\n\n**bold** and *thin* and ~~gone~~ and `code`", "Title\n\nbold and thin and gone and code"],
    ["[here](https://a.example) ![cat](https://b.example/c.png)", "here (https://a.example) cat (https://b.example/c.png)"],
    ["```js\nlet a = 1;\n```", "let a = 1;"],
    ["- one\n1. two\n> three", "- one\n1. two\n> three"],
    ["2 * 3 * 4 and a_b_c", "2 * 3 * 4 and a_b_c"],
  ])("reads %j", (markdown, plain) => {
    expect(toPlainText(markdown)).toBe(plain);
  });
});
