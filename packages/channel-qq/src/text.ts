import type { QqMention } from "./message-event.ts";

/** Who a text may mention. */
export interface TextContext {
  readonly mentions: readonly QqMention[];
  /** The bot's own id, where it is known. */
  readonly botId: string | undefined;
}

/**
 * The words of a message as people see them: emoji named, people mentioned by name, the bot's own mention left out,
 * escapes undone.
 */
export function cleanText(text: string, context: TextContext): string {
  return unescape(
    text
      .replaceAll(/<faceType=[^<>]*>/g, emojiOf)
      .replaceAll(/<@!?([^<>\s]{1,256})>/g, (_mention, id: string) => mentionOf(id, context)),
  ).trim();
}

/** Whether a text mentions the bot by its id. */
export function isMentioned(text: string, botId: string | undefined): boolean {
  return botId !== undefined && (text.includes(`<@${botId}>`) || text.includes(`<@!${botId}>`));
}

function mentionOf(id: string, { mentions, botId }: TextContext): string {
  const mentioned = mentions.find(({ ids }) => ids.includes(id));
  if (id === botId || mentioned?.isBot === true) return "";
  return `@${mentioned?.name ?? id}`;
}

/** What an emoji says stands in its `ext`, as JSON in base64. */
function emojiOf(tag: string): string {
  const ext = /ext="([^"]*)"/.exec(tag)?.[1] ?? "";
  const words = /"text"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(Buffer.from(ext, "base64").toString())?.[1];
  try {
    const text: unknown = words === undefined ? undefined : JSON.parse(words);
    return typeof text === "string" && text.trim() !== "" ? `[emoji: ${text.trim()}]` : "[emoji]";
  } catch {
    return "[emoji]";
  }
}

/** Once, so that an escaped escape stays one. */
function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
