import { describe, expect, it } from "vitest";
import { unsentText } from "./unsent-text.ts";

describe("unsentText", () => {
  it.each([
    ["image", "https://example.com/a.png", undefined, "Image: https://example.com/a.png"],
    ["video", "http://example.com/a.mp4", undefined, "Video: http://example.com/a.mp4"],
    ["audio", "https://example.com/a.mp3", "song", "Voice: https://example.com/a.mp3"],
    ["file", "https://example.com/a", undefined, "File: https://example.com/a"],
    ["file", "/srv/secret/plan.pdf", undefined, "(attachment not sent: plan.pdf)"],
    ["file", "file:///etc/passwd", undefined, "(attachment not sent: passwd)"],
    ["file", "C:\\secret\\plan.pdf", undefined, "(attachment not sent: plan.pdf)"],
    ["image", "data:image/png;base64,AAAA", undefined, "(attachment not sent: image)"],
    ["image", "data:image/png;base64,AAAA", "cat.png", "(attachment not sent: cat.png)"],
    ["image", "", undefined, "(attachment not sent: image)"],
    ["file", "/srv/", undefined, "(attachment not sent: file)"],
    ["file", "x", "[FILE:a]\nb", "(attachment not sent: (FILE:a] b)"],
  ] as const)("says of the %s %s (%s): %s", (kind, target, name, text) => {
    expect(unsentText({ kind, target, ...(name !== undefined && { name }) })).toBe(text);
  });
});
