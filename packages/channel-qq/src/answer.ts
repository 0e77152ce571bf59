import { isChannelError, UnknownOutcomeError, type ChannelContext, type SendReceipt } from "@revka/core";
import type { QqApi, SentMessage, Ticket } from "./api.ts";
import type { Attempts } from "./attempts.ts";
import { CODES, isRefusedWith } from "./codes.ts";
import { lostAnswerError } from "./errors.ts";
import type { MessageContent } from "./outbound.ts";
import { patiently } from "./patiently.ts";
import { conversationIdOf, type Recipient } from "./recipient.ts";
import type { TakenTicket, Tickets } from "./reply-routes.ts";

/** One message of the platform's. */
export interface Letter {
  readonly to: Recipient;
  /** Asked for once there is a way to go. */
  readonly content: () => Promise<MessageContent>;
  /** The same key, the same message: it shows once, however often it is sent. */
  readonly key: string;
  readonly signal?: AbortSignal | undefined;
}

/** A letter that the platform has taken. */
export interface Delivered {
  readonly key: string;
  readonly content: MessageContent;
  readonly sent: SentMessage;
  readonly ticket?: Ticket;
}

/** A ticket to answer with, and whether a message with it may have arrived already. */
export interface Try extends TakenTicket {
  readonly wasTried: boolean;
}

/** What answering needs. */
export interface AnswerMeans {
  readonly api: Pick<QqApi, "sendMessage">;
  readonly tickets: Pick<Tickets, "forget">;
  readonly attempts: Pick<Attempts, "keep">;
  /** Notes what was delivered, and gives its receipt. Never rejects. */
  readonly noteDelivered: (delivered: Delivered) => Promise<SendReceipt>;
  readonly context: ChannelContext;
}

/** Sends a letter with a ticket; undefined where the platform does not take that any more, and nothing was delivered. */
export type Answer = (letter: Letter, taken: Try) => Promise<SendReceipt | undefined>;

/** Answers; what may have arrived is sent again with the same ticket, which the platform takes once. */
export function createAnswer({ api, tickets, attempts, noteDelivered, context }: AnswerMeans): Answer {
  const { instance: channel } = context;

  return async ({ to, content: contentOf, key, signal }, { ticket, remaining, wasTried }) => {
    const content = await contentOf();
    let mayHaveArrived = wasTried;

    async function sendOnce(): Promise<SentMessage> {
      try {
        return await api.sendMessage(to, { content, ticket }, signal);
      } catch (error) {
        // The earlier one has arrived.
        if (mayHaveArrived && isRefusedWith(error, CODES.duplicate)) return {};
        if (isChannelError(error) && error.code === "unknown-outcome") mayHaveArrived = true;
        throw error;
      }
    }
    async function send(): Promise<SentMessage | undefined> {
      try {
        return await patiently(sendOnce, { context, signal, isRepeatable: true });
      } catch (error) {
        if (!isChannelError(error)) throw error;
        if (mayHaveArrived) throw uncertain(error, conversationIdOf(to), channel);
        await attempts.keep(key, { state: "open", ticket });
        if (!isRefusedWith(error, CODES.replyOver)) throw error;
        await tickets.forget(conversationIdOf(to), ticket.messageId);
        return undefined;
      }
    }

    await attempts.keep(key, { state: "unknown", ticket });
    const sent = await send();
    if (sent === undefined) return undefined;
    const receipt = await noteDelivered({ key, content, sent, ticket });
    return { ...receipt, ...(remaining !== undefined && { remainingReplies: remaining }) };
  };
}

/** Errors that say that nothing was delivered speak of the last try alone. */
function uncertain(error: Error, conversationId: string, channel: string): Error {
  if (isRefusedWith(error, CODES.replyOver)) return lostAnswerError(conversationId, error, channel);
  const isMisleading = isChannelError(error) && (error.code === "transient" || error.code === "rate-limit");
  return isMisleading ? new UnknownOutcomeError(error.message, { channel, cause: error }) : error;
}
