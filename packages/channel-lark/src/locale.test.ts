import { describe, expect, it } from "vitest";
import { localeIn, localeOfContent, localeOfScript, localeOfTag } from "./locale.ts";

describe("localeOfTag", () => {
  it.each([
    ["ja_JP", "ja"], ["ja", "ja"], ["en-GB", "en"], ["zh", "zh-CN"], ["zh_CN", "zh-CN"], ["zh-Hans", "zh-CN"],
    ["zh-TW", "zh-TW"], ["zh_HK", "zh-TW"], ["zh-MO", "zh-TW"], ["zh-Hant-SG", "zh-TW"], ["de", undefined], ["english", undefined], ["", undefined],
  ])("takes %j for %s", (tag, locale) => {
    expect(localeOfTag(tag)).toBe(locale);
  });
});

describe("localeIn", () => {
  it.each<[string, unknown, string | undefined]>([
    ["the client before anything else", { locale: "en", message: { user_agent: "x LarkLocale/zh_TW y" } }, "zh-TW"],
    ["a tag anywhere", { a: [{ b: { user_locale: "ja-JP" } }] }, "ja"],
    ["the first tag that it knows", { lang: "xx", language: "zh_HK" }, "zh-TW"],
    ["nothing of another client", { message: { user_agent: "curl/8" } }, undefined],
    ["nothing of no event", null, undefined],
  ])("finds %s", (_title, event, locale) => {
    expect(localeIn(event)).toBe(locale);
  });

  it("does not follow a tree for ever", () => {
    const deep = Array.from({ length: 50 }).reduce<unknown>((inner) => ({ inner }), { locale: "ja" });
    expect(localeIn(deep)).toBeUndefined();
  });
});

describe("localeOfContent", () => {
  it("takes the first language that a post is written in", () => {
    expect(localeOfContent({ title: "", zh_hk: {}, en_us: {} })).toBe("zh-TW");
    expect(localeOfContent({ text: "en" })).toBeUndefined();
  });
});

describe("localeOfScript", () => {
  it.each([
    ["ありがとう", "ja"], ["カタカナ", "ja"], ["漢字とかな", "ja"], ["谢谢你", "zh-CN"], ["謝謝你", "zh-TW"], ["臺灣", "zh-TW"],
    ["台灣這裡", "zh-TW"], ["台北里面", "zh-CN"], ["你好", "zh-CN"], ["一個国家的学生开会", "zh-CN"], ["hello", "en"], ["привет", undefined], ["🙂 123", undefined], ["", undefined],
  ])("guesses %j to be %s", (text, locale) => {
    expect(localeOfScript(text)).toBe(locale);
  });
});
