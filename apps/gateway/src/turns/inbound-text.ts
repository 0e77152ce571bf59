import { escapeMarkers, type Attachment, type InboundMessage, type MessagePart } from "@revka/core";
import { cutText } from "../cut-text.ts";
import { renderAttachment } from "./attachment-text.ts";
import type { InboundContent } from "../media/inbound-content.ts";

/** Characters of a quoted message that the agent gets to see. */
const QUOTE_CHARS = 500;

/** Characters of a card action's value that the agent gets to see. */
const VALUE_CHARS = 500;

/**
 * Everything a message holds as text for an agent, quotes first, one part after another.
 *
 * Whatever a user chose (words, file names, transcripts) has its markers escaped, so only markers of ours remain.
 *
 * @param contents - what was fetched, by the place of its part; an attachment that was not fetched is named in one line.
 */
export function renderInbound({ parts }: InboundMessage, contents: ReadonlyMap<number, InboundContent> = new Map()): string {
  const voices = parts.filter(isTranscribed);
  const lines = parts.map((part, place) => {
    const content = contents.get(place);
    return renderPart(part, { ...(content !== undefined && { content }), ...(voices.length > 1 && isTranscribed(part) && { voice: voices.indexOf(part) }) });
  });
  const isQuote = (_line: string, place: number): boolean => parts[place]?.kind === "quote";
  return [...lines.filter(isQuote), ...lines.filter((line, place) => !isQuote(line, place))].join("\n");
}

/** What a part is rendered with: its content, and which voice message it is where there are several. */
interface PartFacts {
  readonly content?: InboundContent;
  readonly voice?: number;
}

function renderPart(part: MessagePart, facts: PartFacts): string {
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
      return renderFile(part, facts);
  }
}

function renderFile(attachment: Attachment, { content, voice }: PartFacts): string {
  if (attachment.transcript !== undefined) return spoken(attachment.transcript, voice);
  return content?.kind === "transcript" ? escape(content.text) : renderAttachment(attachment, content);
}

function isTranscribed(part: MessagePart): part is Attachment & { readonly transcript: string } {
  return "transcript" in part;
}

/** The platform's own transcript, told apart from what was typed. */
function spoken(transcript: string, voice: number | undefined): string {
  const tag = `VOICE_TRANSCRIPTION${voice === undefined ? "" : `_${voice}`}`;
  return `<${tag}>${escape(transcript)}</${tag}>`;
}

const VOICE_TAG = /<(?=\/?VOICE_TRANSCRIPTION)/giu;

function escape(text: string): string {
  return escapeMarkers(text.replaceAll("\r\n", "\n")).replace(VOICE_TAG, "(");
}
