import { LIMITS } from "./limits.ts";

/** The words of messages that somebody may quote, by the ids that a quote has. */
export interface Quotables {
  remember(quoteId: string | undefined, text: string): void;
  find(quoteId: string | undefined): string | undefined;
}

/** Remembers the words of the last messages, the bot's own too: the platform does not always send them with a quote. */
export function createQuotables(): Quotables {
  // A Map keeps the order of insertion: its first entry is the oldest.
  const texts = new Map<string, string>();
  return {
    remember(quoteId, text) {
      if (quoteId === undefined || text === "") return;
      const [oldest] = texts.keys();
      if (oldest !== undefined && texts.size >= LIMITS.quotableCount) texts.delete(oldest);
      texts.set(quoteId, text.length > LIMITS.quotableChars ? `${text.slice(0, LIMITS.quotableChars).replace(/[\uD800-\uDBFF]$/, "")}…` : text);
    },
    find: (quoteId) => (quoteId === undefined ? undefined : texts.get(quoteId)),
  };
}
