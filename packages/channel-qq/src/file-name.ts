import { LIMITS } from "./limits.ts";

/** A file name that came from outside, as it may be shown and passed on: its last segment, without control characters, not too long. May be empty. */
export function tidyName(name: string): string {
  const base = name.replaceAll(/\p{Cc}+/gu, "").split(/[/\\]/).at(-1) ?? "";
  const tidy = base.toWellFormed().trim();
  if (tidy === "." || tidy === "..") return "";
  const extension = /\.[a-z\d]{1,10}$/i.exec(tidy)?.[0] ?? "";
  return cutToBytes(tidy.slice(0, tidy.length - extension.length), LIMITS.nameBytes - extension.length) + extension;
}

/** The extension is ASCII, so its characters are bytes. */
function cutToBytes(text: string, maxBytes: number): string {
  let kept = "";
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) return kept;
    kept += character;
  }
  return kept;
}
