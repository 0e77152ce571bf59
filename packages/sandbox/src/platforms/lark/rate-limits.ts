import { createSlidingWindow } from "../sliding-window.ts";
import { type LarkRefusal, refuse } from "./refusal.ts";
import type { RestBehaviour } from "./rest-behaviour.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Counts calls, and refuses those that are too many. */
export interface RateLimits {
  /** A call of one API. @throws LarkRefusal 99991400, with the seconds to wait. */
  call(api: string): void;
  /** A message into one chat. @throws LarkRefusal 230020. */
  message(chatId: string): void;
  /** A patch of one message. @throws LarkRefusal 230020. */
  patch(messageId: string): void;
  /** An operation on one card entity. @throws LarkRefusal 99991400, with the seconds to wait. */
  card(cardId: string): void;
  clear(): void;
}

/** Creates {@link RateLimits} that have counted nothing. */
export function createRateLimits(now: () => number, behaviour: () => RestBehaviour): RateLimits {
  const seconds = createSlidingWindow(SECOND_MS, now);
  const minutes = createSlidingWindow(MINUTE_MS, now);
  const inSecond = (key: string, limit: number): void => {
    if (!seconds.admit(key, limit)) throw tooFrequent(limit, SECOND_MS, behaviour().rateLimitStatus);
  };
  const toTarget = (key: string, limit: number): void => {
    if (!seconds.admit(key, limit)) throw refuse(230020);
  };
  return {
    call: (api) => {
      const { callsPerSecond, callsPerMinute, rateLimitStatus } = behaviour();
      inSecond(api, callsPerSecond);
      if (!minutes.admit(api, callsPerMinute)) throw tooFrequent(callsPerMinute, MINUTE_MS, rateLimitStatus);
    },
    message: (chatId) => toTarget(chatId, behaviour().chatMessagesPerSecond),
    patch: (messageId) => toTarget(`patch ${messageId}`, behaviour().patchesPerSecond),
    card: (cardId) => inSecond(`card ${cardId}`, behaviour().cardCallsPerSecond),
    clear: () => {
      seconds.clear();
      minutes.clear();
    },
  };
}

/** The refusal of one call too many, with the headers that say when to come again. */
function tooFrequent(limit: number, windowMs: number, httpStatus: number): LarkRefusal {
  return refuse(99991400, { httpStatus, headers: { "x-ogw-ratelimit-limit": String(limit), "x-ogw-ratelimit-reset": String(windowMs / 1_000) } });
}
