import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CHECKS, type Checked, type MessageRules } from "./message.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PNG_MD5 = "f829b914fc47cfc9c0747c119c27cf1b";
const MIB = 1024 * 1024;
const ARTICLE = { title: "Weekly", url: "https://example.com/w" };

const RULES: MessageRules = { textLimitBytes: 2048, hasMedia: (id, type) => id === `a-${type}` };

function check(msgtype: string, payload: object): Checked | undefined {
  return CHECKS.get(msgtype)?.({ ...payload }, RULES);
}

/** A picture of exactly so many bytes, with its md5. */
function picture(bytes: number, start = "ffd8ff"): { base64: string; md5: string } {
  const raw = Buffer.concat([Buffer.from(start, "hex"), Buffer.alloc(bytes - start.length / 2)]);
  return { base64: raw.toString("base64"), md5: createHash("md5").update(raw).digest("hex") };
}

describe("CHECKS", () => {
  it("knows the kinds of a group bot and no other", () => {
    expect([...CHECKS.keys()].sort()).toEqual(["file", "image", "markdown", "markdown_v2", "news", "template_card", "text", "voice"]);
  });

  it.each<[string, string, number | undefined]>([
    ["text", "a".repeat(2048), undefined],
    ["text", "a".repeat(2049), 2048],
    ["text", "你".repeat(682), undefined],
    ["text", "你".repeat(683), 2048],
    ["text", `${"a".repeat(2045)}😀`, 2048],
    ["markdown", "a".repeat(4096), undefined],
    ["markdown", "a".repeat(4097), 4096],
    ["markdown_v2", "你".repeat(1366), 4096],
  ])("counts the bytes of a %s", (msgtype, content, limit) => {
    const expected = limit === undefined
      ? { payload: { content } }
      : { errcode: 40058, reason: `${msgtype}.content exceed max length ${limit}. invalid Request Parameter` };
    expect(check(msgtype, { content })).toEqual(expected);
  });

  it.each<[string, string, object, number]>([
    ["text without content", "text", {}, 44004],
    ["empty text", "text", { content: "" }, 44004],
    ["text that is none", "text", { content: 7 }, 40058],
    ["mentions that are no list", "text", { content: "a", mentioned_list: "@all" }, 40058],
    ["mentions that are no text", "text", { content: "a", mentioned_mobile_list: [13900000001] }, 40058],
    ["empty markdown", "markdown", { content: "" }, 44004],
    ["no picture", "image", {}, 44004],
    ["a picture without md5", "image", { base64: PNG }, 40063],
    ["a data URL", "image", { base64: `data:image/png;base64,${PNG}`, md5: PNG_MD5 }, 40058],
    ["an md5 that does not match", "image", { base64: PNG, md5: PNG_MD5.replace("f", "0") }, 40058],
    ["a picture of 2 MiB and a byte", "image", picture(2 * MIB + 1), 40009],
    ["a GIF", "image", picture(100, "47494638"), 40123],
    ["no articles", "news", {}, 44004],
    ["an empty list of articles", "news", { articles: [] }, 45008],
    ["nine articles", "news", { articles: Array.from({ length: 9 }, () => ARTICLE) }, 45008],
    ["an article that is none", "news", { articles: ["x"] }, 40058],
    ["an article without title", "news", { articles: [{ ...ARTICLE, title: "" }] }, 40063],
    ["an article without url", "news", { articles: [{ title: "Weekly" }] }, 40063],
    ["a file without media_id", "file", {}, 41006],
    ["a file nobody uploaded", "file", { media_id: "other" }, 40007],
    ["a file uploaded as voice", "file", { media_id: "a-voice" }, 40007],
    ["a voice uploaded as file", "voice", { media_id: "a-file" }, 40007],
  ])("refuses %s", (_title, ...[msgtype, payload, errcode]) => {
    expect(check(msgtype, payload)).toMatchObject({ errcode });
  });

  it("takes a PNG or JPG of at most 2 MiB and keeps its size and md5, not its bytes", () => {
    expect(check("image", { base64: PNG, md5: PNG_MD5.toUpperCase() })).toEqual({ payload: { md5: PNG_MD5.toUpperCase(), bytes: 70 } });
    expect(check("image", picture(2 * MIB))).toMatchObject({ payload: { bytes: 2 * MIB } });
  });

  it("takes one to eight articles and cuts long texts between characters", () => {
    const articles = Array.from({ length: 8 }, () => ({ ...ARTICLE, title: "你".repeat(50), description: "d".repeat(600) }));
    expect(check("news", { articles })).toMatchObject({ payload: { articles: articles.map(() => ({ title: "你".repeat(42), description: "d".repeat(512) })) } });
    expect(check("news", { articles: [ARTICLE] })).toEqual({ payload: { articles: [ARTICLE] } });
  });

  it.each(["file", "voice"])("takes a %s that was uploaded as one", (type) => {
    expect(check(type, { media_id: `a-${type}` })).toEqual({ payload: { media_id: `a-${type}` } });
  });
});
