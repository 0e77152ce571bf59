import { escapeMarkers, type AttachmentKind } from "@revka/core";
import { cutText } from "../cut-text.ts";
import type { MediaReference } from "./reply-part.ts";

const LABELS: Readonly<Record<AttachmentKind, string>> = { image: "Image", video: "Video", audio: "Voice", file: "File" };

const NAME_CHARS = 120;

/**
 * What people read in place of a file that cannot be sent: its address where it has one, else its name. Never a path, and
 * never its content.
 */
export function unsentText({ kind, target, name }: MediaReference): string {
  if (/^https?:\/\//iu.test(target)) return `${LABELS[kind]}: ${target}`;
  return `(attachment not sent: ${oneLine(name ?? nameIn(target) ?? "") || kind})`;
}

function nameIn(target: string): string | undefined {
  return /^data:/iu.test(target) ? undefined : target.split(/[\\/]/u).at(-1);
}

function oneLine(name: string): string {
  return cutText(escapeMarkers(name).replaceAll(/\s+/gu, " ").trim(), NAME_CHARS);
}
