import { describe, expect, it } from "vitest";
import { readAs } from "./read-as.ts";

describe("readAs", () => {
  it.each([
    ["separated by commas", "u1, u2 ,", ["u1", "u2"]],
    ["of one", "*", ["*"]],
    ["as it stands in the file", '["*"]', ["*"]],
    ["of several, as it stands in the file", `[ "u1", 'u2', ]`, ["u1", "u2"]],
    ["without anybody", "[]", []],
    ["with quotes and without brackets", '"u1", "u2"', ["u1", "u2"]],
  ])("reads a list %s", (_title, text, list) => {
    expect(readAs("string-list", text)).toEqual(list);
  });

  it.each([
    ["boolean", "yes"],
    ["integer", "1e3"],
    ["number", ""],
  ] as const)("leaves what is no %s as it is, for the schema to tell", (type, text) => {
    expect(readAs(type, text)).toBe(text);
  });

  it("gives numbers and booleans their types", () => {
    expect([readAs("integer", " 42 "), readAs("number", "-2.5"), readAs("boolean", "true"), readAs("boolean", " false")]).toEqual([42, -2.5, true, false]);
  });
});
