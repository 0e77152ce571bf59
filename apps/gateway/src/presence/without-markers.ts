import { parseMarkers } from "@revka/core";

/** A marker that may still be written, at the end of a text. */
const OPEN_MARKER = /\[[a-z]{0,10}(?::[^\]\n]*)?$/iu;

/** What people may see of a growing answer: its files come later. */
export function withoutMarkers(text: string): string {
  return parseMarkers(text)
    .filter((segment) => typeof segment === "string")
    .join("")
    .replace(OPEN_MARKER, "");
}
