import { isChannelError, type Channel, type ChannelContext, type Reaction } from "@revka/core";
import * as v from "valibot";
import type { LarkApi, LarkCall } from "./api.ts";
import { platformIdOf } from "./card-action.ts";
import * as lenient from "./lenient.ts";
import { LIMITS } from "./limits.ts";
import { localeOfTag, type Locale } from "./locale.ts";
import { pathOf } from "./messages.ts";
import { codeOf } from "./platform-codes.ts";

/** The emoji that acknowledge a message, by the language of who wrote it; names as the platform spells them. */
export const ACK_EMOJI: Readonly<Record<Locale, readonly string[]>> = {
  "zh-CN": ["OK", "JIAYI", "APPLAUSE", "THUMBSUP", "MUSCLE", "SMILE", "DONE"],
  "zh-TW": ["OK", "JIAYI", "APPLAUSE", "THUMBSUP", "FINGERHEART", "SMILE", "DONE"],
  en: ["OK", "THUMBSUP", "THANKS", "MUSCLE", "FINGERHEART", "APPLAUSE", "SMILE", "DONE"],
  ja: ["OK", "THUMBSUP", "THANKS", "APPLAUSE", "FINGERHEART", "SALUTE", "SMILE", "DONE"],
};

/** What the calls about reactions need. */
export interface ReactionMeans {
  readonly context: ChannelContext;
  readonly api: LarkApi;
}

/** The calls about reactions. They are an ornament: while the platform asks for fewer calls, none is made. */
export interface ReactionCalls {
  /** Gives the reaction's id; undefined when there is none, because calls rest or the message takes no reaction. */
  add(messageId: string, emoji: string): Promise<string | undefined>;
  remove(messageId: string, reactionId: string, signal?: AbortSignal): Promise<void>;
}

const addedSchema = v.fallback(v.object({ reaction_id: lenient.id }), { reaction_id: undefined });

/** The month's calls are used up. */
const QUOTA_GONE = "99991403";

/** The reaction calls of one app. */
export function createReactionCalls({ context: { instance: channel, clock, logger }, api }: ReactionMeans): ReactionCalls {
  let restUntil = -Infinity;

  function restFor(ms: number): void {
    restUntil = clock.monotonic() + ms;
    logger.warn({ channel, restMs: ms }, "Lark: the platform asks for fewer calls, reactions rest");
  }
  /** @throws ChannelError where the platform fails or refuses for good, but for the usual reasons a message has. */
  async function call(method: string, path: string, options: LarkCall): Promise<unknown> {
    if (clock.monotonic() < restUntil) return undefined;
    try {
      return await api.call(method, path, { timeoutMs: LIMITS.reactionTimeoutMs, ...options });
    } catch (error) {
      if (isChannelError(error) && error.code === "rate-limit") restFor(error.retryAfterMs);
      else if (codeOf(error) === QUOTA_GONE) restFor(LIMITS.reactionRestMs);
      else if (!isUsualRefusal(codeOf(error))) throw error;
      return undefined;
    }
  }

  return {
    async add(messageId, emoji) {
      const json = { reaction_type: { emoji_type: emoji } };
      return v.parse(addedSchema, await call("POST", `${pathOf(messageId)}/reactions`, { json })).reaction_id;
    },
    async remove(messageId, reactionId, signal) {
      await call("DELETE", `${pathOf(messageId)}/reactions/${encodeURIComponent(reactionId)}`, { signal });
    },
  };
}

/** Reacts to messages: an acknowledgment by one of the emoji that the sender's language has. */
export function createReact(means: ReactionMeans): NonNullable<Channel["react"]> {
  const calls = createReactionCalls(means);
  return async ({ messageId }, reaction) => {
    const id = platformIdOf(messageId);
    if (id !== undefined) await calls.add(id, emojiOf(reaction, means.context.random));
  };
}

function emojiOf({ kind, locale = "" }: Reaction, random: () => number): string {
  if (kind === "done") return "DONE";
  if (kind === "failed") return "CrossMark";
  const emoji = ACK_EMOJI[localeOfTag(locale) ?? "en"];
  return emoji[Math.floor(random() * emoji.length)] ?? "OK";
}

/** The message is gone, or its chat takes no reactions; an emoji that the platform does not know (231001) is our mistake. */
function isUsualRefusal(code: string | undefined): boolean {
  return code !== undefined && /^(?:231\d{3}|230110)$/.test(code) && code !== "231001";
}
