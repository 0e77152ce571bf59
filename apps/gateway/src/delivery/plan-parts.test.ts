import { describe, expect, it } from "vitest";
import { planParts } from "./plan-parts.ts";

const split = (text: string): string[] => (text === "" ? [] : text.split(" "));
const lines = (text: string): string[] => (text === "" ? [] : [text]);
const words = (count: number): string => Array.from({ length: count }, (_, index) => `w${index}`).join(" ");

describe("planParts", () => {
  it.each([0, 1, 9, 10])("sends all of %i parts (S-9)", (count) => {
    expect(planParts({ text: count === 0 ? "" : words(count) }, { split })).toHaveLength(count);
  });

  it("sends nine of eleven parts and says that the rest is cut (S-9)", () => {
    const parts = planParts({ text: words(11) }, { split });
    expect(parts).toHaveLength(10);
    expect(parts.slice(-2)).toEqual(["w8", "… (the answer was too long; the rest was cut)"]);
  });

  it("says so in the user's language", () => {
    expect(planParts({ text: words(11) }, { split, locale: "ja" }).at(-1)).toBe("……（回答が長すぎるため、残りは省略されました）");
  });

  it("puts files where their markers stand", () => {
    const plan = planParts({ text: "see\n[IMAGE:cat.png]\n  code\n[Voice:a.mp3] [DOCUMENT:https://example.com/a]" }, { split: lines, hasMarkers: true });
    expect(plan).toEqual([
      "see",
      { media: { kind: "image", target: "cat.png" } },
      "  code",
      { media: { kind: "audio", target: "a.mp3" } },
      { media: { kind: "file", target: "https://example.com/a" } },
    ]);
  });

  it("shows nothing of a file that was cut off", () => {
    expect(planParts({ text: "see [IMAGE:data:image/png;base64,AAAA" }, { split: lines, hasMarkers: true })).toEqual(["see (attachment not sent)"]);
  });

  it("takes markers for words where the agent may send no files by them", () => {
    expect(planParts({ text: "[IMAGE:cat.png]" }, { split: lines })).toEqual(["[IMAGE:cat.png]"]);
  });

  it("puts other files after the words, and counts them as messages (S-9)", () => {
    const files = Array.from({ length: 10 }, () => ({ kind: "file", target: "a" }) as const);
    const plan = planParts({ text: "here", files }, { split: lines });
    expect(plan.slice(0, 2)).toEqual(["here", { media: files[0] }]);
    expect([plan.length, plan.at(-1)]).toEqual([10, "… (the answer was too long; the rest was cut)"]);
  });
});
