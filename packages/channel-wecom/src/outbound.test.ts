import type { OutboundFile } from "@revka/core";
import { describe, expect, it } from "vitest";
import { LIMITS } from "./limits.ts";
import { render, split } from "./outbound.ts";

const target = { conversationId: "anybody" };
const bytesOf = (text: string): number => Buffer.byteLength(text);

/** The 1x1 picture of the platform's worked example. */
const PNG_BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PNG = Buffer.from(PNG_BASE64, "base64");
const AMR = Buffer.from("#!AMR\n\x3c voice");

function renderMedia(media: OutboundFile) {
  return render({ target, text: "", media });
}

/** A file of `size` bytes that begins like `head`. */
function padded(head: Uint8Array, size: number): Buffer {
  return Buffer.concat([head], size);
}

describe("split", () => {
  it.each([
    ["682 Chinese characters fit", "你".repeat(682), [2046]],
    ["683 Chinese characters do not", "你".repeat(683), [2046, 3]],
    ["the limit itself fits", "a".repeat(2048), [2048]],
    ["a character across the border stays whole", `${"a".repeat(2047)}你`, [2047, 3]],
    ["a surrogate pair across the border stays whole", `${"a".repeat(2045)}😀`, [2045, 4]],
    ["a long line without spaces is cut anywhere", "b".repeat(5000), [2048, 2048, 904]],
  ])("counts bytes: %s (WECOM-30)", (_title, text, sizes) => {
    expect(split(text).map(bytesOf)).toEqual(sizes);
    expect(split(text).join("")).toBe(text);
  });

  it("cuts at line ends before anything else (WECOM-30)", () => {
    const text = Array.from({ length: 100 }, (_, row) => `row ${row}: ${"word. ".repeat(8)}`).join("\r\n");
    const parts = split(text);
    expect(parts.length).toBeGreaterThan(2);
    expect(Math.max(...parts.map(bytesOf))).toBeLessThanOrEqual(2048);
    expect(parts.slice(1).every((part) => /^\s*row /.test(part))).toBe(true);
    expect(parts.join("")).toBe(text);
  });

  it("gives pieces that stay as they are when split again", () => {
    for (const piece of split("你好, world. ".repeat(1000))) expect(split(piece)).toEqual([piece]);
  });
});

describe("render", () => {
  it.each(["text", "markdown", undefined] as const)("posts format %s as plain text (WECOM-13)", (format) => {
    expect(render({ target, text: "**hi**", ...(format && { format }) })).toEqual([
      { kind: "message", payload: { msgtype: "text", text: { content: "**hi**" } } },
    ]);
  });

  it("writes the specified body, byte for byte (WECOM-21)", () => {
    const [part] = render({ target, text: '你好 "x"\n' });
    expect(part?.kind === "message" && JSON.stringify(part.payload)).toBe('{"msgtype":"text","text":{"content":"你好 \\"x\\"\\n"}}');
  });

  it.each(["", "   ", "\n\t\r\n"])("refuses %j, for there is nothing to send (WECOM-36)", (text) => {
    expect(() => render({ target, text })).toThrow(TypeError);
  });

  it("puts a picture inside its message, with its md5", () => {
    expect(renderMedia({ kind: "image", bytes: PNG })).toEqual([
      { kind: "message", payload: { msgtype: "image", image: { base64: PNG_BASE64, md5: "f829b914fc47cfc9c0747c119c27cf1b" } } },
    ]);
  });

  it("sends the text first, then the media", () => {
    const parts = render({ target, text: "look", media: { kind: "image", bytes: PNG } });
    expect(parts.map((part) => part.kind === "message" && part.payload.msgtype)).toEqual(["text", "image"]);
  });

  it.each<[string, OutboundFile, object]>([
    ["a file", { kind: "file", bytes: Buffer.from("hello, world"), name: "a.txt", mediaType: "text/plain" }, { type: "file", name: "a.txt" }],
    ["a picture that is asked for as a file", { kind: "file", bytes: PNG, name: "p.png" }, { type: "file", name: "p.png" }],
    ["a picture of another format", { kind: "image", bytes: Buffer.from("GIF89a......"), name: "x.gif" }, { type: "file", name: "x.gif" }],
    ["a picture without a name", { kind: "image", bytes: padded(PNG, LIMITS.imageBytes + 1) }, { type: "file", name: "image.png" }],
    ["a voice", { kind: "audio", bytes: AMR, name: "v.amr" }, { type: "voice", name: "v.amr" }],
    ["a voice above 2 MiB", { kind: "audio", bytes: padded(AMR, LIMITS.voiceBytes + 1), name: "v.amr" }, { type: "file", name: "v.amr" }],
    ["audio that is not AMR", { kind: "audio", bytes: Buffer.from("ID3 and so on"), name: "s.mp3" }, { type: "file", name: "s.mp3" }],
    ["a video", { kind: "video", bytes: Buffer.from("whatever it is"), name: "m.mp4" }, { type: "file", name: "m.mp4" }],
    ["bytes of an unknown kind without a name", { kind: "file", bytes: Buffer.from("whatever it is") }, { type: "file", name: "file.bin" }],
  ])("uploads %s", (_title, media, expected) => {
    const [part] = renderMedia(media);
    expect(part).toMatchObject({ kind: "upload", upload: expected });
    expect(part?.kind === "upload" && part.upload.bytes).toBe(media.bytes);
  });

  it("keeps a picture of exactly 2 MiB inside its message", () => {
    expect(renderMedia({ kind: "image", bytes: padded(PNG, LIMITS.imageBytes) })).toMatchObject([{ kind: "message" }]);
  });

  it("refuses a file above 20 MiB before anything is sent", () => {
    const bytes = new Uint8Array(LIMITS.fileBytes + 1);
    expect(() => renderMedia({ kind: "file", bytes })).toThrow(expect.objectContaining({ code: "too-large", limit: 20_971_520, unit: "bytes" }));
    expect(renderMedia({ kind: "file", bytes: bytes.subarray(1) })).toMatchObject([{ kind: "upload" }]);
  });
});
