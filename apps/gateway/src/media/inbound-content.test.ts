import type { Attachment } from "@revka/core";
import { describe, expect, it } from "vitest";
import { contentOf } from "./inbound-content.ts";

const bytesOf = (hex: string, sizeBytes = 32): Uint8Array => {
  const bytes = new Uint8Array(sizeBytes);
  bytes.set(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  return bytes;
};
const file = (name?: string): Attachment => ({ kind: "file", ref: null, ...(name !== undefined && { name }) });
const LIMITS = { maxImageBytes: 64, textFileMaxBytes: 16 };
const PNG = "89504e470d0a1a0a";

describe("contentOf", () => {
  it.each([
    ["PNG", PNG, "image/png"],
    ["JPEG", "ffd8ffe0", "image/jpeg"],
    ["GIF", "474946383961", "image/gif"],
    ["WebP", "52494646 00000000 57454250", "image/webp"],
    ["BMP", "424d 00000000 00000000 00000000 28000000", "image/bmp"],
  ])("shows a %s by its first bytes, whatever it is called (LARK-36, LARK-38)", (_title, hex, mediaType) => {
    const bytes = bytesOf(hex);
    expect(contentOf(file("notes.txt"), { bytes, mediaType: "text/plain" }, LIMITS)).toEqual({ kind: "image", bytes, mediaType });
  });

  it.each([
    [64, "image"],
    [65, "too-large"],
  ])("shows an image of %i bytes as %s (LARK-37)", (sizeBytes, kind) => {
    expect(contentOf(file(), { bytes: bytesOf(PNG, sizeBytes) }, LIMITS).kind).toBe(kind);
  });

  it.each([
    ["of exactly the largest size, whole (LARK-39, LARK-40, LARK-78)", "é".repeat(8), { kind: "text", text: "é".repeat(8) }],
    ["of one byte more, not at all (LARK-41)", `${"é".repeat(8)}x`, { kind: "too-large", sizeBytes: 17 }],
    ["with nothing in it", "", { kind: "text", text: "" }],
  ])("shows a text file %s", (_title, text, content) => {
    expect(contentOf(file("a.txt"), { bytes: new TextEncoder().encode(text) }, LIMITS)).toEqual(content);
  });

  it.each([
    ["with a NUL", "a.txt", "610062"],
    ["that is no UTF-8", "a.txt", "61c3"],
    ["that is named like an archive", "a.zip", "616263"],
  ])("takes a file %s for binary (LARK-41)", (_title, name, hex) => {
    const bytes = bytesOf(hex, hex.length / 2);
    expect(contentOf(file(name), { bytes, mediaType: "application/x-odd" }, LIMITS)).toEqual({ kind: "binary", mediaType: "application/x-odd", sizeBytes: bytes.length });
  });

  it("shows no image of a format that agents do not understand", () => {
    const tiff = bytesOf("49492a00");
    expect(contentOf({ kind: "image", ref: null }, { bytes: tiff, mediaType: "image/tiff" }, LIMITS)).toMatchObject({ kind: "binary", mediaType: "image/tiff" });
  });
});
