import { createHash } from "node:crypto";
import type { MochatMessage } from "./wire.ts";

/** How often each message without an id came in one page, by `anonymousKey`. */
export type AnonymousCounts = ReadonlyMap<string, number>;

/** Counts the messages without an id in a page. */
export interface AnonymousTally {
  /** Counts `message`; true when the page before had it as often already. */
  isRepeat(message: MochatMessage): boolean;
  readonly counts: AnonymousCounts;
}

/**
 * A tally for the next page.
 *
 * Without an id nothing moves the cursor, so a bridge gives the same message with every poll. Only what comes more often
 * than in the page before is new: a second "hello" counts, the first one again does not.
 */
export function createAnonymousTally(before: AnonymousCounts): AnonymousTally {
  const counts = new Map<string, number>();
  return {
    isRepeat(message) {
      const key = anonymousKey(message);
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count <= (before.get(key) ?? 0);
    },
    counts,
  };
}

/** The same for messages of the same sender and text: 16 hex digits, so that texts are not kept in memory. */
export function anonymousKey({ sender, text }: MochatMessage): string {
  return createHash("sha256").update(JSON.stringify([sender, text])).digest("hex").slice(0, 16);
}
