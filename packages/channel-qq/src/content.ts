import { dropAbsent, type MessagePart } from "@revka/core";
import { attachmentPart } from "./attachment.ts";
import { LIMITS } from "./limits.ts";
import type { QqAttachment, QqContent, QqMessage } from "./message-event.ts";
import type { Quotables } from "./quotables.ts";
import { cleanText, type TextContext } from "./text.ts";

const QUOTING = 103;
const FORWARDING: ReadonlySet<number> = new Set([101, 102]);

/** A message's parts: what it quotes, its words, its files and those of what it quotes or forwards. */
export function partsOf(message: QqMessage, context: TextContext, quotables: Pick<Quotables, "find">): readonly MessagePart[] {
  const text = wordsOf(message, context);
  const files = filesOf(message);
  const isBare = text === "" && files.length === 0 && message.messageType !== 0 && message.messageType !== QUOTING;
  return [
    ...quoteOf(message, context, quotables),
    ...(text === "" ? [] : [{ kind: "text", text } as const]),
    ...files.slice(0, LIMITS.attachments).map(attachmentPart),
    ...(isBare ? [{ kind: "unsupported", type: `message_type ${message.messageType}` } as const] : []),
    ...(files.length > LIMITS.attachments ? [{ kind: "unsupported", type: `${files.length - LIMITS.attachments} more attachments` } as const] : []),
  ];
}

/** What a message answers. Its words may be in the message, or be remembered. */
function quoteOf({ messageType, quotedId, elements }: QqMessage, context: TextContext, quotables: Pick<Quotables, "find">): readonly MessagePart[] {
  const isQuoting = messageType === QUOTING;
  if (!isQuoting && quotedId === undefined) return [];
  const quoted = elements.find(({ quoteId }) => quoteId !== undefined && quoteId === quotedId) ?? (isQuoting ? elements[0] : undefined);
  const found = quoted === undefined ? "" : wordsOf(quoted, context);
  const text = found === "" ? (quotables.find(quotedId) ?? namesOf(quoted?.attachments ?? [])) : found;
  return text === "" ? [] : [{ kind: "quote", text, ...dropAbsent({ messageId: quotedId, senderName: quoted?.authorName }) }];
}

function namesOf(files: readonly QqAttachment[]): string {
  return files.map(({ transcript, name, contentType }) => `(${transcript ?? name ?? contentType})`).join("\n");
}

/** The words, those of forwarded messages included, each of these on a line with its author. */
function wordsOf(content: QqContent, context: TextContext): string {
  const { text, prompt = "", messageType, elements } = content;
  const own = cleanText(text, context);
  const forwarded = FORWARDING.has(messageType) ? elements.map((element) => withAuthor(element, wordsOf(element, context))) : [];
  return [own === "" ? prompt.trim() : own, ...forwarded].filter((line) => line !== "").join("\n");
}

function withAuthor({ authorName }: QqContent, words: string): string {
  return authorName === undefined || words === "" ? words : `${authorName}: ${words}`;
}

function filesOf({ attachments, elements }: QqContent): readonly QqAttachment[] {
  return [...attachments, ...elements.flatMap(filesOf)];
}
