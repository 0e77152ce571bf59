import { createPace, type Clock, type Pace } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** The pace of each chat. */
export type PaceOf = (chatId: string) => Pace;

/** Paces for as many chats as are in use; the one used longest ago is forgotten. */
export function createChatPaces(clock: Clock): PaceOf {
  const rate = { count: LIMITS.chatCount, windowMs: LIMITS.chatWindowMs, maxWaiting: LIMITS.chatMaxWaiting, clock };
  // A Map keeps the order of insertion: its first entry is the one used longest ago.
  const paces = new Map<string, Pace>();
  return (chatId) => {
    const pace = paces.get(chatId) ?? createPace(rate);
    paces.delete(chatId);
    const [oldest] = paces.keys();
    if (oldest !== undefined && paces.size >= LIMITS.chatPaces) paces.delete(oldest);
    paces.set(chatId, pace);
    return pace;
  };
}
