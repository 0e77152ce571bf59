import { isChannelError, type Clock, type DeniedSender, type Logger, type Store } from "@revka/core";
import * as v from "valibot";
import { sleeps } from "./sleeps.ts";

/** Somebody who was refused, and when last. */
export interface DeniedEntry {
  readonly ids: readonly string[];
  readonly conversationId?: string | undefined;
  /** Epoch ms. */
  readonly at: number;
  /** How often since we began to count. */
  readonly count: number;
}

/** Who was refused lately, so that an operator can find out whom to allow. */
export interface DeniedSenders {
  note(channel: string, sender: DeniedSender): void;
  /** Writes what is new now and then, until the signal aborts, and once more at the end. Never rejects. */
  keep(signal: AbortSignal): Promise<void>;
}

/** What senders are kept with. */
export interface DeniedSendersOptions {
  readonly storeOf: (channel: string) => Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LIMITS = { entries: 50, channels: 64, writeEveryMs: 5_000, keptMs: 30 * 24 * 3_600_000 } as const;
const KEY = "denied";

const storedSchema = v.array(v.object({ ids: v.array(v.string()), conversationId: v.optional(v.string()), at: v.number(), count: v.number() }));

/** The newest fifty of each channel. A flood of strangers costs a write every five seconds, whatever they send. */
export function createDeniedSenders({ storeOf, clock, logger }: DeniedSendersOptions): DeniedSenders {
  const fresh = new Map<string, Map<string, DeniedEntry>>();

  async function writeOne(channel: string, entries: ReadonlyMap<string, DeniedEntry>): Promise<void> {
    const store = storeOf(channel);
    const merged = new Map((await readDenied(store)).map((entry) => [keyOf(entry), entry]));
    for (const [key, entry] of entries) {
      const before = merged.get(key);
      merged.delete(key);
      merged.set(key, { ...entry, count: entry.count + (before?.count ?? 0) });
    }
    const kept = [...merged.values()].slice(-LIMITS.entries).map(({ ids, conversationId, at, count }) => ({ ids: [...ids], at, count, ...(conversationId !== undefined && { conversationId }) }));
    await store.set(KEY, kept, { ttlMs: LIMITS.keptMs });
  }
  async function writeAll(): Promise<void> {
    const waiting = [...fresh];
    fresh.clear();
    for (const [channel, entries] of waiting) {
      await writeOne(channel, entries).catch((error: unknown) => {
        if (!isChannelError(error)) throw error;
        logger.warn({ component: "state", channel, error: error.message }, "Who was refused could not be kept");
      });
    }
  }

  return {
    note(channel, { ids, conversationId }) {
      const entries = fresh.get(channel) ?? new Map<string, DeniedEntry>();
      if (entries.size === 0 && fresh.size >= LIMITS.channels) return;
      fresh.set(channel, entries);
      const entry = { ids: ids.filter((id) => id !== ""), conversationId, at: clock.now(), count: 1 };
      const before = entries.get(keyOf(entry));
      entries.delete(keyOf(entry));
      entries.set(keyOf(entry), { ...entry, count: (before?.count ?? 0) + 1 });
      if (entries.size > LIMITS.entries) entries.delete(entries.keys().next().value ?? "");
    },
    async keep(signal) {
      while (await sleeps(LIMITS.writeEveryMs, clock, signal)) await writeAll();
      await writeAll();
    },
  };
}

/** Who was refused by the channel of this store, the newest last. */
export async function readDenied(store: Store): Promise<readonly DeniedEntry[]> {
  const stored = v.safeParse(storedSchema, await store.get(KEY));
  return stored.success ? stored.output : [];
}

function keyOf({ ids }: Pick<DeniedEntry, "ids">): string {
  return JSON.stringify(ids);
}
