import { admit, createDedup, createKeyedQueue, isChannelError, type Accept, type ChannelContext, type InboundMessage, type StatusRecorder } from "@revka/core";
import { createAnswerBudget } from "./answer-budget.ts";
import type { BotIdentity } from "./bot.ts";
import type { LarkSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";
import { createNews } from "./news.ts";
import { EVENTS, offerOf, type Offer } from "./offer.ts";
import type { EventEnvelope } from "./wire.ts";

/** What taking events needs. */
export interface TakeOptions {
  readonly settings: LarkSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly bot: BotIdentity;
  readonly accept: Accept;
  readonly signal: AbortSignal;
}

/** What became of an event: it is done with, it belongs to another app, or the platform must deliver it again. */
export type Taken = "done" | "foreign" | "again";

/** Deals with one event, well within the time that the platform gives; never rejects. */
export type Take = (event: EventEnvelope) => Promise<Taken>;

const NO_ROOM = "Lark: no room for a message, leaving it to the platform";

/** Takes events from whichever way they come, each message once; those of one conversation are handed over one after another. */
export function createTake({ settings, context, status, bot, accept, signal }: TakeOptions): Take {
  const { instance: channel, clock, logger } = context;
  const dedup = createDedup({ maxCount: LIMITS.dedupCount, maxAgeMs: LIMITS.dedupMs, clock });
  const lanes = createKeyedQueue({ maxParallel: LIMITS.handoversInFlight, maxWaiting: LIMITS.handoversWaiting });
  const budget = createAnswerBudget({ clock, limitMs: LIMITS.answerWithinMs, signal });
  const notes = createNotes(settings, context);

  async function handOver(message: InboundMessage): Promise<void> {
    if (message.parts.length === 0) return;
    status.inbound();
    await accept(message);
  }
  async function takeIn(event: EventEnvelope): Promise<void> {
    const botOpenId = event.header.eventType === EVENTS.message ? await bot.openId(signal) : undefined;
    const offer = offerOf(event, botOpenId);
    if (typeof offer === "string") {
      notes.useless(event, offer);
      return;
    }
    const { envelope, read } = offer;
    const admission = admit(envelope, { ...settings, dedup });
    if (admission !== "admitted") {
      notes.turnedAway(offer, admission);
      return;
    }
    const message = read({ channel, receivedAt: clock.now(), botOpenId });
    await dedup.once(envelope.messageId, () => lanes.run(message.conversation.id, () => handOver(message)));
  }

  let inFlight = 0;

  return async (event) => {
    const { appId, eventId } = event.header;
    if (appId !== undefined && appId !== settings.appId) {
      notes.useless(event, "foreign");
      return "foreign";
    }
    if (inFlight >= LIMITS.eventsInFlight) {
      logger.warn({ channel, eventId }, NO_ROOM);
      return "again";
    }
    inFlight += 1;
    const taking = takeIn(event).finally(() => (inFlight -= 1));
    try {
      if ((await budget.within(taking)) !== "late") return "done";
      logger.warn({ channel, eventId }, "Lark: a message was not taken in time, leaving it to the platform");
    } catch (error) {
      const isFull = isChannelError(error) && error.code === "rate-limit";
      logger.warn({ channel, eventId, error: String(error) }, isFull ? NO_ROOM : "Lark: a message was not taken, leaving it to the platform");
    }
    return "again";
  };
}

const USELESS = {
  unknown: "Lark: ignoring an event of a type that is not used",
  unreadable: "Lark: ignoring an event that cannot be read",
  foreign: "Lark: ignoring an event of another app",
} as const;

interface Notes {
  useless(event: EventEnvelope, why: keyof typeof USELESS): void;
  turnedAway(offer: Offer, why: string): void;
}

/** Tells the log what does not come in, the same thing not with every event; and the host whom the allowlist lacks. */
function createNotes({ receiveMode }: LarkSettings, { instance: channel, clock, logger, onDenied }: ChannelContext): Notes {
  const isNews = createNews(clock);
  return {
    useless({ header: { appId, eventId, eventType } }, why) {
      const level = why !== "unknown" && isNews(`${why} ${eventType}`) ? "warn" : "debug";
      logger[level]({ channel, eventId, eventType, ...(why === "foreign" && { appId }) }, USELESS[why]);
    },
    turnedAway({ envelope: { messageId, senderIds }, chatId }, why) {
      if (why !== "denied") {
        logger.debug({ channel, messageId, admission: why }, "Lark: ignoring message");
        return;
      }
      onDenied({ ids: senderIds, ...(chatId !== undefined && { conversationId: chatId }) });
      const [id = "nobody"] = senderIds;
      const text = receiveMode === "websocket" ? `Lark WS: ignoring ${id} (not in allowed_users)` : `Lark: ignoring message from unauthorized user: ${id}`;
      logger[isNews(`sender ${id}`) ? "warn" : "debug"]({ channel, messageId, senderIds }, text);
    },
  };
}
