import { scopeStore, type ChannelContext } from "@revka/core";
import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** A text that waits for somebody's next message. */
export interface WaitingText {
  readonly id: string;
  readonly text: string;
  readonly isMarkdown: boolean;
  /** Epoch ms. */
  readonly keptAt: number;
}

const waitingSchema = v.array(v.object({ id: v.string(), text: v.string(), isMarkdown: v.boolean(), keptAt: v.number() }));

/** Texts that had no way to go. They survive a restart. */
export interface Outbox {
  /** Adds texts that do not wait already; where there are too many, the oldest go. */
  keep(conversationId: string, texts: readonly Omit<WaitingText, "keptAt">[]): Promise<void>;
  /** What waits for this conversation, oldest first. */
  list(conversationId: string): Promise<readonly WaitingText[]>;
  /** These were delivered. */
  remove(conversationId: string, ids: readonly string[]): Promise<void>;
}

/** Opens the outbox in the context's store. One conversation's is changed by one caller at a time. */
export function createOutbox({ instance: channel, store, clock, logger }: ChannelContext): Outbox {
  const records = scopeStore(store, "outbox");

  async function list(conversationId: string): Promise<readonly WaitingText[]> {
    const stored = v.safeParse(waitingSchema, await records.get(conversationId));
    return stored.success ? stored.output.filter(({ keptAt }) => keptAt > clock.now() - LIMITS.outboxMs) : [];
  }
  async function write(conversationId: string, texts: readonly WaitingText[]): Promise<void> {
    if (texts.length === 0) await records.delete(conversationId);
    else await records.set(conversationId, texts.map((text) => ({ ...text })), { ttlMs: LIMITS.outboxMs });
  }

  return {
    list,
    async keep(conversationId, texts) {
      const waiting = await list(conversationId);
      const known = new Set(waiting.map(({ id }) => id));
      const all = [...waiting, ...texts.filter(({ id }) => !known.has(id)).map((text) => ({ ...text, keptAt: clock.now() }))];
      const lostCount = Math.max(0, all.length - LIMITS.outboxCount);
      if (lostCount > 0) logger.warn({ channel, conversationId, lostCount }, "QQ: too many texts wait for somebody's next message, the oldest are given up");
      await write(conversationId, all.slice(lostCount));
    },
    async remove(conversationId, ids) {
      const waiting = await list(conversationId);
      await write(conversationId, waiting.filter(({ id }) => !ids.includes(id)));
    },
  };
}

/** Texts that go out as one message. */
export interface Bundle {
  readonly ids: readonly string[];
  readonly text: string;
  readonly isMarkdown: boolean;
}

const SEPARATOR = "\n\n";

/** Puts texts together into as few messages as hold them, in order: each costs a reply. */
export function bundle(texts: readonly WaitingText[]): readonly Bundle[] {
  const bundles: Bundle[] = [];
  for (const { id, text, isMarkdown } of texts) {
    const last = bundles.at(-1);
    const joined = last === undefined ? text : `${last.text}${SEPARATOR}${text}`;
    const fits = last?.isMarkdown === isMarkdown && Buffer.byteLength(joined) <= LIMITS.textBytes;
    if (last !== undefined && fits) bundles.splice(-1, 1, { ids: [...last.ids, id], text: joined, isMarkdown });
    else bundles.push({ ids: [id], text, isMarkdown });
  }
  return bundles;
}
