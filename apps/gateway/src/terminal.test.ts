import { describe, expect, it } from "vitest";
import { createPalette } from "./terminal.ts";

const write = (): boolean => true;

describe("createPalette", () => {
  it.each([
    ["colours a terminal", { isTTY: true, write }, {}, "\u001B[31mx\u001B[39m"],
    ["colours no pipe", { write }, {}, "x"],
    ["honours NO_COLOR", { isTTY: true, write }, { NO_COLOR: "1" }, "x"],
    ["takes an empty NO_COLOR as unset", { isTTY: true, write }, { NO_COLOR: "" }, "\u001B[31mx\u001B[39m"],
  ])("%s", (_title, output, environment, expected) => {
    expect(createPalette(output, environment).red("x")).toBe(expected);
  });
});
