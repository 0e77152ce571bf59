import { isChannelError, type Channel, type ChannelContext, type InboundMessage, type MessagePart } from "@revka/core";
import type { LarkApi } from "./api.ts";
import { partsOf } from "./content.ts";
import { LIMITS } from "./limits.ts";
import { createMessages, type FetchedMessage } from "./messages.ts";

/** What fetching needs. */
export interface ExpandMeans {
  readonly api: LarkApi;
  readonly context: Pick<ChannelContext, "instance" | "clock" | "logger">;
}

type Quote = Extract<MessagePart, { kind: "quote" }>;

/**
 * Fetches the words and files of the message that another one answers, and the messages of a forwarded chat.
 *
 * To mention the bot and say nothing, as an answer to a message, is to ask about that message: it becomes the question.
 */
export function createExpand({ api, context: { instance: channel, clock, logger } }: ExpandMeans): NonNullable<Channel["expand"]> {
  const messages = createMessages(api);
  // A Map keeps the order of insertion: its first entry is the oldest.
  const cache = new Map<string, { readonly fetchedAt: number; readonly parts: readonly MessagePart[] }>();

  async function partsOfMessage(messageId: string, signal: AbortSignal | undefined): Promise<readonly MessagePart[] | undefined> {
    const known = cache.get(messageId);
    if (known !== undefined && clock.monotonic() - known.fetchedAt < LIMITS.quoteCacheMs) return known.parts;
    try {
      const parts = fetchedParts(await messages.get(messageId, signal), messageId);
      cache.delete(messageId);
      const [oldest] = cache.keys();
      if (oldest !== undefined && cache.size >= LIMITS.quoteCacheCount) cache.delete(oldest);
      cache.set(messageId, { fetchedAt: clock.monotonic(), parts });
      return parts;
    } catch (error) {
      if (!isChannelError(error)) throw error;
      logger.warn({ channel, messageId, error: error.message }, "Lark: a message that another one points to could not be fetched");
      return undefined;
    }
  }

  return async (message, signal) => {
    const parts: MessagePart[] = [];
    for (const part of message.parts) {
      const pointed = pointedAt(part, message);
      const fetched = pointed === undefined ? undefined : await partsOfMessage(pointed, signal);
      if (pointed === undefined || fetched === undefined) parts.push(part);
      else if (part.kind === "quote" && message.parts.length === 1) parts.push(...fetched);
      else parts.push(quoteOf(fetched, pointed), ...fetched.filter((inner) => "ref" in inner));
    }
    return { ...message, parts };
  };
}

/** The id of what a part only points to. */
function pointedAt(part: MessagePart, { id }: InboundMessage): string | undefined {
  if (part.kind === "quote" && part.text === "") return part.messageId;
  return part.kind === "unsupported" && part.type === FORWARDED ? id : undefined;
}

const FORWARDED = "merge_forward";

function fetchedParts(items: readonly FetchedMessage[], messageId: string): readonly MessagePart[] {
  const main = items.find((item) => item.messageId === messageId) ?? items[0];
  if (main === undefined || main.isDeleted) return [{ kind: "text", text: "(recalled)" }];
  return main.type === FORWARDED ? [{ kind: "text", text: forwardedText(items.filter((item) => item !== main)) }] : partsOf(main, undefined);
}

/** The platform tells only ids of who wrote: they are numbered, and the files of such messages it does not give out. */
function forwardedText(items: readonly FetchedMessage[]): string {
  const said = items.filter(({ type }) => type !== FORWARDED);
  const senders = [...new Set(said.map(({ senderId }) => senderId))];
  const lines = said.slice(0, LIMITS.forwardedCount).map((item) => `Person ${senders.indexOf(item.senderId) + 1}: ${wordsOf(partsOf(item, undefined))}`);
  const more = said.length - lines.length;
  return [...lines, ...(more > 0 ? [`(${more} more)`] : [])].join("\n");
}

function quoteOf(parts: readonly MessagePart[], messageId: string): Quote {
  const text = wordsOf(parts);
  return { kind: "quote", text: text.slice(0, LIMITS.quotedChars).replace(/[\ud800-\udbff]$/, ""), messageId };
}

/** Words, or else the kind of what has none. */
function wordsOf(parts: readonly MessagePart[]): string {
  const words = parts.map((part) => {
    if (part.kind === "text" || part.kind === "quote") return part.text;
    if (part.kind === "unsupported") return `(${part.type})`;
    return "ref" in part ? `(${part.name ?? part.kind})` : "";
  });
  return words.filter((word) => word !== "").join("\n");
}
