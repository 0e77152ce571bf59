import { createDedup, type ChannelContext, type Dedup, type Json } from "@revka/core";
import { createHash } from "node:crypto";
import * as v from "valibot";
import { LIMITS } from "./limits.ts";
import { createSaver } from "./saver.ts";

/** Where polling stands. Kept in the store, so that a restart neither repeats nor forgets. */
export interface Cursor {
  /** The last message seen, accepted or not. */
  readonly sinceId: string | undefined;
  /** The ids that were seen. */
  readonly seen: Dedup;
  /** Nothing was stored: this is the very first start. */
  readonly isCold: boolean;
  /** Notes that a message was dealt with. */
  mark(id: string): void;
  /** Gives up `sinceId`, which the bridge does not know; what was seen stays known. */
  forget(): void;
  /** Writes the state soon: at most once a second, so that a burst costs one write. */
  save(): void;
  /** Writes what is not yet written. */
  close(): Promise<void>;
}

/** What is stored. */
export interface CursorState {
  readonly sinceId?: string | undefined;
  /** The newest ids seen, oldest first. */
  readonly recent: readonly string[];
}

/** Takes up polling of `apiUrl` where it was left. A state that cannot be read is a cold start with a warning. */
export async function openCursor(apiUrl: string, context: ChannelContext): Promise<Cursor> {
  const { clock, instance, store } = context;
  const key = stateKey(apiUrl, instance);
  const stored = await load(key, context);
  const seen = createDedup({ maxCount: LIMITS.dedupCount, clock });
  stored?.recent.forEach((id) => seen.add(id));
  let sinceId = stored?.sinceId;
  let hasChanged = false;
  const saver = createSaver(() => store.set(key, encodeState({ sinceId, recent: seen.newest(LIMITS.savedIdsCount) }, clock.now())), context);

  function save(): void {
    if (hasChanged) saver.touch();
    hasChanged = false;
  }

  return {
    get sinceId() {
      return sinceId;
    },
    seen,
    isCold: stored === undefined,
    mark(id) {
      seen.add(id);
      sinceId = id;
      hasChanged = true;
    },
    forget() {
      sinceId = undefined;
      hasChanged = true;
    },
    save,
    close() {
      save();
      return saver.close();
    },
  };
}

/** Names the state of one bridge and instance. The token has no part in it: a new one continues where the old one was. */
export function stateKey(apiUrl: string, instance: string): string {
  return `cursor-${createHash("sha256").update(`${apiUrl}\n${instance}`).digest("hex").slice(0, 16)}`;
}

/** The state as it is stored; `now` in epoch ms. */
export function encodeState({ sinceId = "", recent }: CursorState, now: number): Json {
  return { v: 1, since_id: sinceId, recent, saved_at: Math.floor(now / 1000) };
}

const schema = v.object({ v: v.literal(1), since_id: v.string(), recent: v.array(v.string()) });

/** Reads a stored state; undefined when it is none, or of another version. */
export function decodeState(stored: unknown): CursorState | undefined {
  const state = v.safeParse(schema, stored);
  if (!state.success) return undefined;
  const { since_id, recent } = state.output;
  return since_id === "" ? { recent } : { sinceId: since_id, recent };
}

async function load(key: string, { instance: channel, logger, store }: ChannelContext): Promise<CursorState | undefined> {
  try {
    const stored = await store.get(key);
    const state = decodeState(stored);
    if (stored !== undefined && state === undefined) logger.warn({ channel, key }, "Mochat: the stored cursor is damaged, starting without it");
    return state;
  } catch (error) {
    logger.warn({ channel, key, error: String(error) }, "Mochat: the stored cursor cannot be read, starting without it");
    return undefined;
  }
}
