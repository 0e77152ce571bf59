import { createDedup, type Clock } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** Tells what is worth saying again. */
export type IsNews = (subject: string) => boolean;

/** Each subject is news once an hour, so that nobody can fill the log. */
export function createMentions(clock: Clock): IsNews {
  const mentioned = createDedup({ maxCount: LIMITS.mentionCount, maxAgeMs: LIMITS.mentionEveryMs, clock });
  return (subject) => {
    const isNews = !mentioned.has(subject);
    mentioned.add(subject);
    return isNews;
  };
}
