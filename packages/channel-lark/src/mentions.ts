import * as v from "valibot";
import * as lenient from "./lenient.ts";

/** Somebody who is mentioned in a message. */
export interface Mention {
  /** What stands for them in the text: `@_user_1`. */
  readonly key: string;
  readonly openId?: string | undefined;
  readonly name?: string | undefined;
}

const mentionSchema = v.object({
  key: v.fallback(v.pipe(v.string(), v.regex(/^@_\w{1,64}$/)), ""),
  // In events an object of ids, in messages that were fetched one id.
  id: v.optional(v.union([v.pipe(v.object({ open_id: lenient.id }), v.transform(({ open_id }) => open_id)), lenient.id])),
  name: lenient.id,
});

/** Stands for everybody in the chat; usually it is not listed among the mentions. */
const ALL: Mention = { key: "@_all", name: "all" };

/** The mentions of a message, whichever way it came; who has no placeholder is left out. */
export function readMentions(list: unknown): readonly Mention[] {
  return v.parse(lenient.records, list).flatMap((item) => {
    const { key, id: openId, name } = v.parse(mentionSchema, item);
    return key === "" ? [] : [{ key, openId, name }];
  });
}

/** Whether one of `mentions` is the bot; never so while its open id is not known. A message to all is none to the bot. */
export function isMentioned(botOpenId: string | undefined, mentions: readonly Mention[]): boolean {
  return botOpenId !== undefined && mentions.some(({ openId }) => openId === botOpenId);
}

/**
 * Puts names in the place of the placeholders, and takes out the bot's own with the blank that follows it.
 *
 * All in one pass, longest keys first: neither does `@_user_1` eat the beginning of `@_user_10`, nor is a name replaced
 * that looks like a placeholder.
 */
export function resolveMentions(text: string, mentions: readonly Mention[], botOpenId: string | undefined): string {
  const known = new Map([ALL, ...mentions].map((mention) => [mention.key, mention]));
  const keys = [...known.keys()].sort((a, b) => b.length - a.length);
  return text.replaceAll(new RegExp(`(${keys.join("|")})(?!\\d)([ \\u00a0]?)`, "g"), (_match, key: string, blank: string) => {
    const { openId, name = "someone" } = known.get(key) ?? ALL;
    return botOpenId !== undefined && openId === botOpenId ? "" : `@${name}${blank}`;
  });
}
