import { sendByFirstRoute, type ChannelContext, type RouteAttempt, type SendReceipt } from "@revka/core";
import { createAnswer, type Delivered, type Letter } from "./answer.ts";
import type { QqApi } from "./api.ts";
import type { Attempt, Attempts } from "./attempts.ts";
import { CODES, isRefusedWith } from "./codes.ts";
import type { Consents } from "./consents.ts";
import { lostAnswerError, noRouteError } from "./errors.ts";
import { wordsOf } from "./outbound.ts";
import { createPush } from "./push.ts";
import type { Quotables } from "./quotables.ts";
import { conversationIdOf } from "./recipient.ts";
import type { TakenTicket, Tickets } from "./reply-routes.ts";

/** A letter and its ways. */
export interface Delivery extends Letter {
  /** The message that is answered. */
  readonly messageId?: string | undefined;
  /** `"reply"`: only as an answer; `"push"`: as one only where nothing else is possible; `"any"`: as an answer where that is possible. */
  readonly way: "any" | "reply" | "push";
}

/** What delivering needs. */
export interface CourierMeans {
  readonly api: Pick<QqApi, "sendMessage">;
  readonly tickets: Tickets;
  readonly consents: Pick<Consents, "isRefused">;
  readonly attempts: Attempts;
  readonly quotables: Pick<Quotables, "remember">;
  readonly context: ChannelContext;
}

/** Delivers a letter by the first way that is open. @throws NoReplyRouteError when none is. */
export type Courier = (delivery: Delivery) => Promise<SendReceipt>;

/**
 * Delivers letters as answers while there is something to answer, for those the platform always takes and never shows
 * twice; else unasked. What went unasked and may have arrived is never sent again.
 */
export function createCourier(means: CourierMeans): Courier {
  const { tickets, attempts, quotables, context } = means;
  const { instance: channel, logger } = context;
  const answer = createAnswer({ ...means, noteDelivered });
  const push = createPush({ ...means, noteDelivered });

  async function noteDelivered({ key, content, sent: { id, quoteId }, ticket }: Delivered): Promise<SendReceipt> {
    const messageIds = id === undefined ? [] : [id];
    quotables.remember(quoteId, wordsOf(content));
    await attempts.keep(key, { state: "done", messageIds, ...(ticket && { ticket }) }).catch((error: unknown) => {
      // The key still says that the message may have arrived, so it is not shown twice.
      logger.warn({ channel, error: String(error) }, "QQ: what was delivered could not be noted");
    });
    return { messageIds };
  }

  /** Sends with this ticket; undefined, too, where the platform says that it has seen it though nothing was sent with it. */
  async function answerWith(delivery: Delivery, taken: TakenTicket): Promise<SendReceipt | undefined> {
    try {
      return await answer(delivery, { ...taken, wasTried: false });
    } catch (error) {
      if (!isRefusedWith(error, CODES.duplicate)) throw error;
      logger.debug({ channel, sequence: taken.ticket.sequence }, "QQ: the platform has seen this number before");
      return undefined;
    }
  }
  /** Answers with a fresh ticket, or one more. */
  async function answerAnew(delivery: Delivery, messageId: string | undefined): Promise<SendReceipt | undefined> {
    const conversationId = conversationIdOf(delivery.to);
    const first = await tickets.take(conversationId, messageId);
    const receipt = first && (await answerWith(delivery, first));
    if (first === undefined || receipt !== undefined) return receipt;
    const second = await tickets.take(conversationId, messageId);
    return second && answer(delivery, { ...second, wasTried: false });
  }
  /** Goes on where an earlier send with the same key ended. */
  async function answerAgain(delivery: Delivery, { state, ticket }: Attempt): Promise<SendReceipt | undefined> {
    if (ticket === undefined) return undefined;
    return state === "unknown" ? answer(delivery, { ticket, wasTried: true }) : answerWith(delivery, { ticket });
  }

  function waysOf(delivery: Delivery, earlier: Attempt | undefined): readonly RouteAttempt[] {
    const { messageId, way } = delivery;
    const route = "reply";
    const replies: readonly RouteAttempt[] = [
      ...(earlier === undefined ? [] : [{ route, send: () => answerAgain(delivery, earlier) }]),
      ...(messageId === undefined ? [] : [{ route, send: () => answerAnew(delivery, messageId) }]),
      { route, send: () => answerAnew(delivery, undefined) },
    ];
    const pushing: readonly RouteAttempt[] = way === "reply" ? [] : [{ route: "push", send: () => push(delivery) }];
    return way === "push" ? [...pushing, ...replies] : [...replies, ...pushing];
  }

  return async (delivery) => {
    const conversationId = conversationIdOf(delivery.to);
    const earlier = await attempts.find(delivery.key);
    if (earlier?.state === "done") return { messageIds: earlier.messageIds ?? [] };
    if (earlier?.state === "unknown" && earlier.ticket === undefined) throw lostAnswerError(conversationId, undefined, channel);
    return sendByFirstRoute(waysOf(delivery, earlier), () => noRouteError(conversationId, channel));
  };
}
