import { describe, expect, it } from "vitest";
import { extensionOf, isTextLike, mediaTypeOfName, sniffMediaType } from "./media-type.ts";

const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(" ", ""), "hex");
const text = (words: string): Uint8Array => Buffer.from(words);

describe("sniffMediaType", () => {
  it.each([
    ["image/png", "89504e470d0a1a0a 0000000d"],
    ["image/jpeg", "ffd8ffe0 00104a46"],
    ["image/gif", "474946383961 0100"],
    ["image/gif", "474946383761 0100"],
    ["image/webp", "52494646 24000000 57454250 56503820"],
    ["image/bmp", "424d 46000000 0000 0000 36000000 28000000"],
    ["audio/wav", "52494646 24000000 57415645 666d7420"],
    ["audio/mpeg", "494433 04 00 00 00000000"],
    ["audio/mpeg", "fffb9064 00000000"],
    ["audio/mpeg", "fff34864 00000000"],
    ["audio/ogg", "4f676753 0002 0000 4f70757348656164"],
    ["audio/amr", "2321414d520a 3c"],
    ["audio/amr", "2321414d522d57420a 3c"],
    ["audio/silk", "232153494c4b5f5633 0c00"],
    ["audio/silk", "02 232153494c4b5f5633 0c00"],
    ["audio/flac", "664c6143 00000022"],
    ["audio/mp4", "00000020 66747970 4d344120 00000200"],
    ["video/mp4", "00000020 66747970 69736f6d 00000200"],
    ["video/mp4", "00000020 66747970 6d703432 00000200"],
    ["video/webm", "1a45dfa3 9f 4286 81 01 4282 84 7765626d"],
    ["application/pdf", "255044462d 312e37"],
    ["application/zip", "504b0304 1400"],
    ["application/zip", "504b0506 0000"],
  ])("knows %s by its first bytes", (mediaType, bytes) => {
    expect(sniffMediaType(hex(bytes))).toBe(mediaType);
  });

  it.each([
    ["nothing", ""],
    ["a truncated png", "89504e47"],
    ["Matroska that is not webm", "1a45dfa3 9f 4286 81 01 4282 88 6d6174726f736b61"],
    ["AAC in ADTS frames", "fff15080 00000000"],
    ["UTF-16 with a byte order mark", "fffe4100 42000000"],
    ["a HEIC picture", "00000020 66747970 68656963 00000200"],
    ["RIFF of another kind", "52494646 24000000 41564920"],
    ["webm's name between two bytes", "1a45dfa3 07765626 d0"],
  ])("does not know %s", (_title, bytes) => {
    expect(sniffMediaType(hex(bytes))).toBeUndefined();
  });

  it.each(["BMW builds cars in Munich", "ID3 is a tag", "fLaC is a format", "<svg/>"])("does not take the words %j for a file format", (words) => {
    expect(sniffMediaType(text(words))).toBeUndefined();
  });

  it("reads a view into a larger buffer from the view's beginning", () => {
    expect(sniffMediaType(hex("0000 ffd8ffe0").subarray(2))).toBe("image/jpeg");
  });
});

describe("mediaTypeOfName", () => {
  it.each([
    ["a.PNG", "image/png"],
    ["archive.tar.gz", "application/gzip"],
    ["voice.opus", "audio/ogg"],
    ["语音.amr", "audio/amr"],
    ["C:\\pictures\\a.jpeg", "image/jpeg"],
    ["no-extension", undefined],
    [".gif", undefined],
    ["folder/.gif", undefined],
    ["a.gif/", undefined],
    ["a.constructor", undefined],
    ["", undefined],
  ])("tells the type of %j", (name, mediaType) => {
    expect(mediaTypeOfName(name)).toBe(mediaType);
  });
});

describe("extensionOf", () => {
  it.each([
    ["image/jpeg", "jpg"],
    ["Audio/OGG; codecs=opus", "ogg"],
    ["audio/x-wav", "wav"],
    ["image/jpg", "jpg"],
    ["text/plain;charset=utf-8", "txt"],
    ["application/octet-stream", undefined],
    ["constructor", undefined],
  ])("gives the usual extension of %j", (mediaType, extension) => {
    expect(extensionOf(mediaType)).toBe(extension);
  });

  it.each(["png", "mp3", "m4a", "silk", "docx", "yaml"])("is the way back from a name: %s", (extension) => {
    expect(extensionOf(mediaTypeOfName(`a.${extension}`) ?? "")).toBe(extension);
  });
});

describe("isTextLike", () => {
  it.each([
    ["plain words", text("hello, 世界 😀\n"), "a.txt"],
    ["an empty file", text(""), undefined],
    ["source code of an unknown extension", text("fn main() {}"), "main.rs"],
    ["an SVG picture, which is XML", text("<svg/>"), "a.svg"],
    ["a JSON file", text("{}"), "a.json"],
  ])("takes %s for text", (_title, bytes, name) => {
    expect(isTextLike(bytes, name)).toBe(true);
  });

  it.each([
    ["a NUL", hex("61 00 62"), "a.txt"],
    ["invalid UTF-8", hex("61 ff 62"), "a.txt"],
    ["a code point cut in two", hex("61 e4bd"), "a.txt"],
    ["a surrogate written as UTF-8", hex("eda080"), "a.txt"],
    ["a PDF of printable characters", text("%PDF-1.4 all in ASCII"), "a.txt"],
    ["a name that tells a binary format", text("not really"), "a.png"],
  ])("does not take %s for text", (_title, bytes, name) => {
    expect(isTextLike(bytes, name)).toBe(false);
  });
});
