import { createReplyRoutes, type ChannelContext } from "@revka/core";
import type { Ticket } from "./api.ts";
import { LIMITS } from "./limits.ts";
import { recipientOf } from "./recipient.ts";

/** The messages that can still be answered, and how often. They survive a restart. */
export interface Tickets {
  /** A message has come that can be answered from now on. */
  remember(conversationId: string, messageId: string): Promise<void>;
  /** A ticket for one answer to this message, or without one to the newest of the conversation; undefined where none is left. */
  take(conversationId: string, messageId: string | undefined): Promise<TakenTicket | undefined>;
  /** The platform takes no more answers to this message. */
  forget(conversationId: string, messageId: string): Promise<void>;
}

/** A ticket for one answer. */
export interface TakenTicket {
  readonly ticket: Ticket;
  /** How many more answers the message takes. */
  readonly remaining?: number;
}

/** Opens them in the context's store. An answer's number is its place among all answers to the message, text and media alike. */
export function createTickets({ store, clock }: Pick<ChannelContext, "store" | "clock">): Tickets {
  const routes = createReplyRoutes<string>({ store, clock, maxRoutes: LIMITS.replyRoutes });
  // With the conversation, so that nobody answers a message of one in another.
  const keyOf = (conversationId: string, messageId: string | undefined): string => (messageId === undefined ? conversationId : `${conversationId} ${messageId}`);

  return {
    async remember(conversationId, messageId) {
      const { scene } = recipientOf({ conversationId });
      const expiresAt = clock.now() + LIMITS.replyWindowMs[scene] - LIMITS.replyMarginMs;
      await routes.remember([keyOf(conversationId, messageId), conversationId], { value: messageId, expiresAt, budget: LIMITS.replyCount[scene] });
    },
    async take(conversationId, messageId) {
      const route = await routes.use(keyOf(conversationId, messageId));
      return route && { ticket: { messageId: route.value, sequence: route.use }, remaining: route.remaining ?? 0 };
    },
    forget: (conversationId, messageId) => routes.forget(keyOf(conversationId, messageId)),
  };
}
