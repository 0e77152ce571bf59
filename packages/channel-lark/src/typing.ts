import type { Accept, Channel, ReplyTarget } from "@revka/core";
import { platformIdOf } from "./card-action.ts";
import { createLeftovers } from "./leftovers.ts";
import { LIMITS } from "./limits.ts";
import { createReactionCalls, type ReactionMeans } from "./reactions.ts";

/** Signs of typing, of which the platform has none for bots: a reaction to the question. */
export interface Typing {
  /** Puts the sign there once and takes it away once: keeping it alive would use up the month's calls. */
  readonly startTyping: NonNullable<Channel["startTyping"]>;
  /** Remembers how old the messages are that are handed over: an old one, or one from before a restart, gets no sign. */
  noting(accept: Accept): Accept;
  /** Takes away the signs that a crash has left; for the beginning of `listen`. */
  recover(signal: AbortSignal): Promise<void>;
}

const EMOJI = "Typing";

/** The signs of one bot. Nothing here ever fails: an answer matters more. */
export function createTyping(means: ReactionMeans): Typing {
  const { instance: channel, clock, logger } = means.context;
  const calls = createReactionCalls(means);
  const leftovers = createLeftovers(means.context, "typing");
  // A Map keeps the order of insertion: its first entry is the oldest.
  const sentAt = new Map<string, number>();

  function note(messageId: string, at: number): void {
    const [oldest] = sentAt.keys();
    if (oldest !== undefined && sentAt.size >= LIMITS.typingQuestions) sentAt.delete(oldest);
    sentAt.set(messageId, at);
  }
  function quietly<T>(task: Promise<T>): Promise<T | undefined> {
    return task.catch((error: unknown) => {
      logger.debug({ channel, error: String(error) }, "Lark: the sign of typing failed");
      return undefined;
    });
  }
  /** Gives the sign as it is listed. */
  async function show(questionId: string): Promise<string | undefined> {
    const reactionId = await calls.add(questionId, EMOJI);
    if (reactionId === undefined) return undefined;
    const sign = `${questionId}/${reactionId}`;
    await leftovers.add(sign);
    return sign;
  }
  async function takeAway(sign: string, signal?: AbortSignal): Promise<void> {
    const [questionId = "", reactionId = ""] = sign.split("/");
    await calls.remove(questionId, reactionId, signal);
  }

  return {
    startTyping({ messageId = "" }: ReplyTarget) {
      const questionId = platformIdOf(messageId);
      const isFresh = clock.now() - (sentAt.get(messageId) ?? -Infinity) <= LIMITS.typingMaxAgeMs;
      let showing = questionId !== undefined && isFresh ? quietly(show(questionId)) : undefined;
      return {
        async [Symbol.asyncDispose]() {
          const sign = await showing;
          showing = undefined;
          if (sign === undefined) return;
          await quietly(takeAway(sign));
          await leftovers.drop(sign);
        },
      };
    },
    noting: (accept) => (message, options) => {
      note(message.id, message.sentAt);
      return accept(message, options);
    },
    recover: (signal) => leftovers.recover((sign) => takeAway(sign, signal), signal),
  };
}
