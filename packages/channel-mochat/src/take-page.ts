import type { ChannelContext, StatusRecorder } from "@revka/core";
import { randomUUID } from "node:crypto";
import type { AnonymousCounts } from "./anonymous.ts";
import type { MochatSettings } from "./config.ts";
import type { Cursor } from "./cursor.ts";
import { normalise } from "./inbound.ts";
import type { Offer } from "./offer.ts";
import { oldestFirst } from "./order.ts";
import { isDraining } from "./schedule.ts";
import { sift, type Sifted } from "./sift.ts";
import type { MochatPage } from "./wire.ts";

/** What taking pages needs. */
export interface TakeOptions {
  readonly settings: MochatSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly cursor: Cursor;
  readonly offer: Offer;
}

/** Takes one page; resolves, once every message is dealt with, to whether more waits at the bridge. */
export type TakePage = (page: MochatPage) => Promise<boolean>;

/**
 * Takes pages one after another.
 *
 * All messages of a page are offered in order before the first is waited for, so that a durable consumer writes them
 * together. Each is marked seen only when it and all before it are dealt with: what a stop or a crash leaves unmarked
 * comes again.
 */
export function createTakePage({ settings, context, status, cursor, offer }: TakeOptions): TakePage {
  const { instance: channel, clock, logger } = context;
  const log = createVerdictLog(context);
  let anonymousBefore: AnonymousCounts = new Map();
  let isBacklog = settings.skipBacklog && cursor.isCold;

  function begin({ message, verdict }: Sifted): (() => Promise<void>) | undefined {
    log({ message, verdict });
    if (verdict !== "admitted") return undefined;
    status.inbound();
    return offer(normalise(message, { channel, receivedAt: clock.now(), newId: () => `anonymous-${randomUUID()}` }));
  }

  return async ({ messages, skippedCount, hasMore }) => {
    if (skippedCount > 0) logger.warn({ channel, count: skippedCount }, "Mochat: skipped what is no message in an answer");
    const sinceId = cursor.sinceId;
    const { allowedUsers, ignoreUsers } = settings;
    const { sifted, anonymous } = sift(oldestFirst(messages), { allowedUsers, ignoreUsers, dedup: cursor.seen, anonymousBefore, isBacklog });
    const newCount = sifted.filter(({ verdict, message: { id } }) => verdict !== "duplicate" && id !== undefined && !cursor.seen.has(id)).length;
    const taken = sifted.map(begin);
    try {
      for (const [index, { message }] of sifted.entries()) {
        await taken[index]?.();
        if (message.id !== undefined) cursor.mark(message.id);
      }
    } finally {
      cursor.save();
    }
    anonymousBefore = anonymous;
    isBacklog = false;
    return isDraining({ count: messages.length, newCount, hasMore, hasCursorMoved: cursor.sinceId !== sinceId });
  };
}

/** Says why a message is not delivered; of messages without an id once and for all. */
function createVerdictLog({ instance: channel, logger, onDenied }: ChannelContext): (sifted: Sifted) => void {
  let hasWarned = false;
  return ({ message: { id, sender, msgType }, verdict }) => {
    if (id === undefined && !hasWarned) {
      hasWarned = true;
      logger.warn({ channel }, "Mochat: messages come without an id; repeats are told by sender and text alone, and a restart delivers them again");
    }
    if (verdict === "denied") onDenied({ ids: [sender] });
    if (verdict === "denied") logger.debug({ channel, messageId: id }, `Mochat: ignoring message from unauthorized user: ${sender}`);
    if (verdict === "empty") logger.debug({ channel, messageId: id, msgType }, "Mochat: ignoring message without text");
  };
}
