import { escapeMarkers, type Attachment, type InboundMessage, type MessagePart } from "@revka/core";
import { cutText } from "../cut-text.ts";

/** Characters of a quoted message that the agent gets to see. */
const QUOTE_CHARS = 500;

/** Characters of a card action's value that the agent gets to see. */
const VALUE_CHARS = 500;

/**
 * Everything a message holds as text for an agent, one part after another.
 *
 * Whatever a user chose (words, file names, transcripts) has its markers escaped, so only markers of ours remain. An
 * attachment without a transcript is summarised in one line: what is fetched and inlined would take that line's place.
 */
export function renderInbound({ parts }: InboundMessage): string {
  const quotes = parts.filter((part) => part.kind === "quote");
  const others = parts.filter((part) => part.kind !== "quote");
  return [...quotes, ...others].map(renderPart).join("\n");
}

function renderPart(part: MessagePart): string {
  switch (part.kind) {
    case "text":
      return escape(part.text);
    case "quote":
      return `> ${escape(cutText(part.text, QUOTE_CHARS)).replaceAll("\n", "\n> ")}`;
    case "action":
      return `[Action: ${escapeMarkers(part.action)}${part.value === undefined ? "" : ` ${escapeMarkers(cutText(JSON.stringify(part.value), VALUE_CHARS))}`}]`;
    case "unsupported":
      return `[Unsupported message: ${escapeMarkers(part.type)}]`;
    case "image":
    case "audio":
    case "video":
    case "file":
      return part.transcript === undefined ? summarise(part) : escape(part.transcript);
  }
}

function summarise({ kind, name, mediaType, sizeBytes }: Attachment): string {
  const shown = name === undefined ? undefined : oneLine(escapeMarkers(name));
  if (kind === "audio") return "[Audio: attached]";
  if (kind === "image") return shown === undefined ? "[Image: attached]" : `[Image: ${shown} attached]`;
  if (kind === "video") return shown === undefined ? "[Video: attached]" : `[Video: ${shown} attached]`;
  const facts = [
    shown ?? "unnamed",
    ...(mediaType === undefined ? [] : [`mime=${oneLine(escapeMarkers(mediaType))}`]),
    ...(sizeBytes === undefined ? [] : [`size=${sizeBytes} bytes`]),
  ];
  return `[ATTACHMENT:${facts.join(" | ")}]`;
}

function escape(text: string): string {
  return escapeMarkers(text.replaceAll("\r\n", "\n"));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}
