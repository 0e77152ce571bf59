import { escapeMarkers, writeMarker, type Attachment } from "@revka/core";
import type { InboundContent } from "../media/inbound-content.ts";

/** An attachment as the agent reads it: inlined where it was fetched and can be shown, else named in one line. */
export function renderAttachment(attachment: Attachment, content?: InboundContent): string {
  switch (content?.kind) {
    case "image":
      return `[IMAGE:data:${content.mediaType};base64,${Buffer.from(content.bytes).toString("base64")}]`;
    case "text":
      return fenced(attachment.name, content.text);
    case "binary":
      return summary(attachment.name, mimeFact(content.mediaType ?? attachment.mediaType), sizeFact(content.sizeBytes));
    case "too-large":
      return summary(attachment.name, sizeFact(content.sizeBytes ?? attachment.sizeBytes), "too large to inline");
    case "failed":
      return failed(attachment);
    case "transcript":
    case undefined:
      return unfetched(attachment);
  }
}

function unfetched({ kind, name, mediaType, sizeBytes }: Attachment): string {
  switch (kind) {
    case "audio":
      return "[Audio: attached]";
    case "image":
      return name === undefined ? "[Image: attached]" : `[Image: ${shown(name)} attached]`;
    case "video":
      return name === undefined ? "[Video: attached]" : `[Video: ${shown(name)} attached]`;
    case "file":
      return summary(name, mimeFact(mediaType), sizeFact(sizeBytes));
  }
}

function failed({ kind, name }: Attachment): string {
  if (kind === "audio") return "[Audio: transcription failed]";
  return kind === "image" ? "[Image: download failed]" : summary(name, "download failed");
}

function summary(name: string | undefined, ...facts: readonly (string | undefined)[]): string {
  return `[ATTACHMENT:${[nameOf(name), ...facts.filter((fact) => fact !== undefined)].join(" | ")}]`;
}

/** A whole text file. Its fence is longer than any run of back-ticks in it, and its markers are harmless. */
function fenced(name: string | undefined, text: string): string {
  const body = escapeMarkers(text.replace(/^\uFEFF/u, "").replaceAll("\r\n", "\n"));
  const fence = "`".repeat(Math.max(3, longestRun(body) + 1));
  const tag = /\.([a-z\d+#-]{1,16})$/i.exec(name ?? "")?.[1]?.toLowerCase() ?? "";
  return `${writeMarker("FILE", nameOf(name))}\n${fence}${tag}\n${body}${body.endsWith("\n") ? "" : "\n"}${fence}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/gu) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

function nameOf(name: string | undefined): string {
  const line = name === undefined ? "" : shown(name);
  return line === "" ? "unknown_file" : line;
}

function mimeFact(mediaType: string | undefined): string | undefined {
  return mediaType === undefined ? undefined : `mime=${shown(mediaType)}`;
}

function sizeFact(sizeBytes: number | undefined): string | undefined {
  return sizeBytes === undefined ? undefined : `size=${sizeBytes} bytes`;
}

/** What a user chose, in one line and without a marker. */
function shown(text: string): string {
  return escapeMarkers(text).replaceAll(/\s+/gu, " ").trim();
}
