import { describe, expect, it } from "vitest";
import { isAllowed } from "./allowlist.ts";

describe("isAllowed", () => {
  it.each<[string, string[], string[], boolean]>([
    ["an empty list admits nobody (GW-20)", ["u-1"], [], false],
    ["a star admits everybody (GW-21)", ["u-1"], ["*"], true],
    ["a star in a longer list admits everybody (GW-21)", ["u-1"], ["u-2", "*", "u-3"], true],
    ["a star admits a sender without any id", [], ["*"], true],
    ["a listed id is admitted (GW-22)", ["u-1"], ["u-2", "u-1"], true],
    ["an id that is not listed is denied (GW-22)", ["u-3"], ["u-1", "u-2"], false],
    ["letter case counts (GW-22)", ["U-1"], ["u-1"], false],
    ["white space counts (GW-22)", ["u-1 "], ["u-1"], false],
    ["a part of an id is not the id (GW-22)", ["u-1"], ["u-10", "u"], false],
    ["any of the sender's ids may be listed (GW-23)", ["open-1", "union-1"], ["union-1"], true],
    ["an empty id matches nothing, not even an empty entry", [""], [""], false],
    ["a sender who calls himself star is denied", ["*"], ["u-1"], false],
  ])("%s", (...[, ids, allowed, expected]) => {
    expect(isAllowed(ids, allowed)).toBe(expected);
  });
});
