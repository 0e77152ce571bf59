import type { OutboundMessage } from "@revka/core";
import { describe, expect, it } from "vitest";
import { render, split } from "./outbound.ts";

const target = { conversationId: "user:USER1" };
const file = (media: OutboundMessage["media"]): unknown => render({ target, text: "", ...(media && { media }) }).at(0);

describe("split", () => {
  it("cuts at 3,600 bytes, with code fences closed and reopened, and cuts no piece again", () => {
    const text = `Before.\n\n\`\`\`python\n${"print('你好 🙂')\n".repeat(500)}\`\`\`\n\nAfter.`;
    const pieces = split(text);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) {
      expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(3_600);
      expect((piece.match(/```/g) ?? []).length % 2).toBe(0);
      expect(piece.isWellFormed()).toBe(true);
      expect(split(piece)).toEqual([piece]);
    }
  });

  it.each([[3_600, 1], [3_601, 2]])("makes of %i bytes %i pieces", (bytes, count) => {
    expect(split("x".repeat(bytes))).toHaveLength(count);
  });
});

describe("render", () => {
  it("sends markdown, or plain text where that is asked for, then media", () => {
    const media = { kind: "image", url: "https://a.example/b/c.png?x=1" } as const;
    expect(render({ target, text: "**hi**", media })).toEqual([
      { kind: "text", text: "**hi**", isMarkdown: true },
      { kind: "file", file: { type: 1, name: "c.png", source: { url: "https://a.example/b/c.png?x=1" } } },
    ]);
    expect(render({ target, text: "hi", format: "text" })).toEqual([{ kind: "text", text: "hi", isMarkdown: false }]);
    expect(() => render({ target, text: " \n" })).toThrow(TypeError);
  });

  it.each([
    ["a.mp3", 3], ["a.WAV", 3], ["a.silk", 3], ["a.ogg", 4], ["a.mp3.ogg", 4], ["a", 4],
  ])("sends the voice %s as file type %i (QQ-26, QQ-27)", (name, type) => {
    expect(file({ kind: "audio", bytes: Uint8Array.of(1), name })).toMatchObject({ file: { type, name } });
  });

  it.each([
    ["https://a.example/v.mp3?x=1.ogg", 3, "v.mp3"],
    ["https://a.example/v.ogg?x=1.mp3", 4, "v.ogg"],
    ["https://a.example/v.mp3#t=1", 3, "v.mp3"],
    ["https://a.example/", 4, "audio"],
    ["https://a.example/%E4%BD%A0.mp3", 3, "你.mp3"],
    ["https://a.example/%.mp3", 3, "%.mp3"],
  ])("knows the voice at %s by its path alone: file type %i (QQ-26, QQ-27)", (url, type, name) => {
    expect(file({ kind: "audio", url })).toMatchObject({ file: { type, name } });
  });

  it.each([
    [{ kind: "audio", bytes: Uint8Array.of(1), mediaType: "audio/mpeg" }, 3, "audio.mp3"],
    [{ kind: "video", bytes: Uint8Array.of(1), mediaType: "video/mp4" }, 2, "video.mp4"],
    [{ kind: "file", bytes: Uint8Array.of(1) }, 4, "file"],
    [{ kind: "file", bytes: Uint8Array.of(1), name: "../etc/pass\u0000wd" }, 4, "passwd"],
    [{ kind: "file", bytes: Uint8Array.of(1), name: `${"名".repeat(100)}.pdf` }, 4, `${"名".repeat(38)}.pdf`],
    [{ kind: "image", bytes: Uint8Array.of(1), name: "..", mediaType: "image/png" }, 1, "image.png"],
  ] as const)("names every file: %o", (media, type, name) => {
    expect(file(media)).toMatchObject({ file: { type, name } });
  });
});
