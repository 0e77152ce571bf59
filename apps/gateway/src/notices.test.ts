import { describe, expect, it } from "vitest";
import { languageOf, noticeText, type Notice } from "./notices.ts";

describe("languageOf", () => {
  it.each([
    [undefined, "en"],
    ["en-US", "en"],
    ["fr", "en"],
    ["zh", "zh-CN"],
    ["zh-CN", "zh-CN"],
    ["zh_cn", "zh-CN"],
    ["zh-Hans-HK", "zh-CN"],
    ["zh-TW", "zh-TW"],
    ["zh-Hant", "zh-TW"],
    ["zh-HK", "zh-TW"],
    ["ja", "ja"],
    ["ja-JP", "ja"],
  ])("takes %s for %s", (locale, language) => {
    expect(languageOf(locale)).toBe(language);
  });
});

describe("noticeText", () => {
  it.each<[Notice, string | undefined, string]>([
    ["timed-out", undefined, "⚠️ Request timed out while waiting for the model. Please try again."],
    ["failed", "01ABC", "⚠️ Something went wrong. Please try again. (ref 01ABC)"],
  ])("says word for word what users are told: %s", (notice, ref, text) => {
    expect(noticeText(notice, "en", ref)).toBe(text);
  });

  it("has every notice in every language, each in its own words", () => {
    for (const notice of ["timed-out", "failed", "interrupted", "queue-full", "too-fast", "cut"] as const) {
      const texts = ["en", "zh-CN", "zh-TW", "ja"].map((locale) => noticeText(notice, locale));
      expect(new Set(texts).size).toBe(4);
    }
  });
});
