import { noticeText } from "../notices.ts";

/** Messages that one answer may become. A longer answer is cut, and says so: nobody reads an eleventh. */
export const MAX_PARTS = 10;

/**
 * The messages that an answer becomes, in order; none for a blank answer.
 * @param split - the channel's own: its pieces go out as they are.
 */
export function planParts(text: string, split: (text: string) => readonly string[], locale?: string): readonly string[] {
  // A line end at its end would show nothing, and might take a message of its own.
  const parts = split(text.trimEnd());
  return parts.length <= MAX_PARTS ? parts : [...parts.slice(0, MAX_PARTS - 1), noticeText("cut", locale)];
}
