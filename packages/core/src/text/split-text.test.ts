import { describe, expect, it } from "vitest";
import { splitText } from "./split-text.ts";

const chars = (limit: number): { limit: number; unit: "chars" } => ({ limit, unit: "chars" });
const bytes = (limit: number): { limit: number; unit: "bytes" } => ({ limit, unit: "bytes" });
const sizeOf = (text: string): number => Buffer.byteLength(text);

describe("splitText", () => {
  it.each([["nothing", ""], ["white space", " \n\t\r\n "]])("gives no part for %s", (_title, text) => {
    expect(splitText(text, chars(16))).toEqual([]);
  });

  it("gives a text that just fits as it is, white space and all", () => {
    expect(splitText(`\n ${"a".repeat(12)} \n`, chars(16))).toEqual([`\n ${"a".repeat(12)} \n`]);
  });

  it.each([15, 0, -1, 16.5, Number.NaN, Infinity])("refuses a limit of %s", (limit) => {
    expect(() => splitText("a", chars(limit))).toThrow(RangeError);
  });

  it.each([
    ["a blank line", "one two three.\n\nfour\nfive. six", ["one two three.\n\n", "four\nfive. six"]],
    ["several blank lines", "one two\n\n \n\nthree four five six", ["one two\n\n \n\n", "three four five six"]],
    ["a line end", "one two. three\nfour. five six seven", ["one two. three\n", "four. five six seven"]],
    ["a line end with a carriage return", "one two. three\r\nfour. five six", ["one two. three\r\n", "four. five six"]],
    ["a sentence end", "one two. three four five six", ["one two. ", "three four five six"]],
    ["a quoted sentence's end", "\"One two.\" three four five six", ["\"One two.\" ", "three four five six"]],
    ["a Chinese sentence end", "一二三四五六七八。一二三四五六七八九十一二三", ["一二三四五六七八。", "一二三四五六七八九十一二三"]],
    ["a closing Chinese quote", "「一二三四五六！」一二三四五六七八九十一二三", ["「一二三四五六！」", "一二三四五六七八九十一二三"]],
    ["a space", "one two three four five", ["one two three four ", "five"]],
    ["nothing better than a character", "abcdefghijklmnopqrstuvwxyz", ["abcdefghijklmnopqrst", "uvwxyz"]],
  ])("prefers to cut after %s (S-2)", (_title, text, parts) => {
    expect(splitText(text, chars(20))).toEqual(parts);
  });

  it("passes over a blank line that would leave a part nearly empty, when a later cut is as clean (S-2)", () => {
    expect(splitText("Hi\n\none two. three four five six", chars(20))).toEqual(["Hi\n\none two. ", "three four five six"]);
    expect(splitText(`Hi\n${"a".repeat(20)}`, chars(20))).toEqual(["Hi\n", "a".repeat(20)]);
  });

  it("cuts before white space when a word ends with the part (S-2)", () => {
    expect(splitText(`${"a".repeat(16)}\nbb`, chars(16))).toEqual(["a".repeat(16), "\nbb"]);
  });

  it.each([
    ["682 three-byte characters", "你".repeat(682), [2046]],
    ["683 three-byte characters", "你".repeat(683), [2046, 3]],
    ["a three-byte character at the limit", `${"a".repeat(2047)}你`, [2047, 3]],
    ["a surrogate pair at the limit", `${"a".repeat(2045)}😀`, [2045, 4]],
  ])("counts UTF-8 bytes and cuts no code point: %s (S-1)", (_title, text, sizes) => {
    const parts = splitText(text, bytes(2048));
    expect(parts.map(sizeOf)).toEqual(sizes);
    expect(parts.join("")).toBe(text);
  });

  it.each([
    ["a family of joined emoji", "👨‍👩‍👧‍👦"],
    ["a flag", "🇩🇪"],
    ["a skin tone", "👍🏽"],
    ["a letter with marks", "ẹ̈́"],
    ["a line end of two characters", "\r\n"],
  ])("keeps %s together (S-1)", (_title, grapheme) => {
    const text = `${"a".repeat(16 - grapheme.length + 1)}${grapheme}b`;
    expect(splitText(text, chars(16))[1]).toBe(`${grapheme}b`);
  });

  it("cuts a grapheme that is longer than a part between code points (S-1, S-7)", () => {
    const text = `e${"\u0301".repeat(40)}`;
    expect(splitText(text, chars(16)).map((part) => part.length)).toEqual([16, 16, 9]);
  });

  it("measures as the caller does, e.g. escaped and in an envelope (S-1)", () => {
    const measure = (text: string): number => sizeOf(JSON.stringify({ text }));
    const parts = splitText("\"\\\n".repeat(20), { ...bytes(40), measure });
    expect(parts.map(measure).every((size) => size <= 40)).toBe(true);
    expect(parts.join("")).toBe("\"\\\n".repeat(20));
  });

  it("refuses an envelope that leaves no room, instead of going on for ever (S-7)", () => {
    expect(() => splitText("hello world", { ...chars(20), measure: (text) => text.length + 20 })).toThrow("limit of 20 chars");
  });

  it("measures about as much as it reads, however long the text (S-1)", () => {
    let measured = 0;
    const measure = (text: string): number => {
      measured += text.length;
      return text.length;
    };
    const text = "word 你好 😀\n".repeat(90_000);
    expect(splitText(text, { ...chars(2048), measure }).join("")).toBe(text);
    expect(measured).toBeLessThan(40 * text.length);
  });

  it("makes no part of white space: it goes with its neighbours (S-8)", () => {
    expect(splitText(`${"a".repeat(14)}\n\n\n\nbbb`, chars(16))).toEqual([`${"a".repeat(14)}\n\n`, "\n\nbbb"]);
  });

  it("leaves out white space only where it fits into neither neighbour (S-8)", () => {
    expect(splitText(`${"a".repeat(16)}\n`, chars(16))).toEqual(["a".repeat(16)]);
    expect(splitText(`a${" ".repeat(40)}b`, chars(16))).toEqual([`a${" ".repeat(15)}`, `${" ".repeat(9)}b`]);
  });
});
