import { describe, expect, it } from "vitest";
import { planParts } from "./plan-parts.ts";

const split = (text: string): string[] => (text === "" ? [] : text.split(" "));
const words = (count: number): string => Array.from({ length: count }, (_, index) => `w${index}`).join(" ");

describe("planParts", () => {
  it.each([0, 1, 9, 10])("sends all of %i parts (S-9)", (count) => {
    expect(planParts(count === 0 ? "" : words(count), split)).toHaveLength(count);
  });

  it("sends nine of eleven parts and says that the rest is cut (S-9)", () => {
    const parts = planParts(words(11), split);
    expect(parts).toHaveLength(10);
    expect(parts.slice(-2)).toEqual(["w8", "… (the answer was too long; the rest was cut)"]);
  });

  it("says so in the user's language", () => {
    expect(planParts(words(11), split, "ja").at(-1)).toBe("……（回答が長すぎるため、残りは省略されました）");
  });
});
