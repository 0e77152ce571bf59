import { createDedup, type Clock } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** Whether something is worth a line in the log: it was not there lately. */
export type IsNews = (what: string) => boolean;

/** Tells each thing once an hour. */
export function createNews(clock: Clock): IsNews {
  const lately = createDedup({ maxCount: LIMITS.mentionCount, maxAgeMs: LIMITS.mentionEveryMs, clock });
  return (what) => {
    if (lately.has(what)) return false;
    lately.add(what);
    return true;
  };
}
