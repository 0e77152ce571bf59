import { describe, expect, it } from "vitest";
import { withoutMarkers } from "./without-markers.ts";

describe("withoutMarkers", () => {
  it.each([
    ["plain words", "plain words"],
    ["a [IMAGE:cat.png] b", "a  b"],
    ["a [", "a "],
    ["a [IMA", "a "],
    ["a [IMAGE:data:image/png;base64,AAAA", "a "],
    ["a [IMAGE:\nb", "a [IMAGE:\nb"],
    ["a [link](https://example.com)", "a [link](https://example.com)"],
    ["`[IMAGE:cat.png]`", "`[IMAGE:cat.png]`"],
  ])("shows %s as %s", (text, shown) => {
    expect(withoutMarkers(text)).toBe(shown);
  });
});
