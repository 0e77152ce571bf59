import { createDedup, type ChannelContext, type Dedup } from "@revka/core";
import * as v from "valibot";
import type { QqSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";

/** A session at the gateway. */
export interface Session {
  readonly id: string;
  /** The last dispatch that is done with: the gateway replays those after it. */
  readonly sequence: number;
}

/** What outlives a connection, and a restart: the session, and the messages that were taken. */
export interface Resume {
  /** The session to go on with. */
  readonly session: Session | undefined;
  /** Ids of messages that were taken. */
  readonly seen: Dedup;
  begin(session: Session): void;
  /** A dispatch is done with, and all before it; of another session it says nothing. */
  commit(sessionId: string, sequence: number): void;
  /** The session is over. */
  drop(): void;
  /** The session is known to be alive. */
  touch(): void;
  /** Resolves when everything is kept. */
  flush(): Promise<void>;
}

const KEY = "session";
const recordSchema = v.object({
  appId: v.string(),
  session: v.optional(v.object({ id: v.string(), sequence: v.pipe(v.number(), v.safeInteger()) })),
  savedAt: v.number(),
  seen: v.array(v.string()),
});

/** Opens what an earlier run has kept. A session that is too old, or another bot's, is not gone on with. */
export async function openResume({ appId }: Pick<QqSettings, "appId">, context: ChannelContext): Promise<Resume> {
  const { instance: channel, clock, store, logger } = context;
  const seen = createDedup({ maxCount: LIMITS.dedupCount, maxAgeMs: LIMITS.dedupMs, clock });
  let session = await load();
  let isChanged = false;
  let saving: Promise<void> | undefined;

  async function load(): Promise<Session | undefined> {
    const stored = await store.get(KEY).catch((error: unknown) => String(error));
    if (stored === undefined) return undefined;
    const record = v.safeParse(recordSchema, stored);
    if (!record.success) {
      logger.warn({ channel }, "QQ: the kept session cannot be read, beginning a new one");
      return undefined;
    }
    if (record.output.appId !== appId) return undefined;
    for (const id of record.output.seen) seen.add(id);
    const ageMs = clock.now() - record.output.savedAt;
    return ageMs >= 0 && ageMs <= LIMITS.sessionMaxAgeMs ? record.output.session : undefined;
  }
  /** One write at a time, each of the newest state. */
  async function saveAll(): Promise<void> {
    while (isChanged) {
      isChanged = false;
      const record = { appId, savedAt: clock.now(), seen: seen.newest(LIMITS.seenAfterRestart), ...(session && { session: { ...session } }) };
      await store.set(KEY, record, { ttlMs: LIMITS.dedupMs }).catch((error: unknown) => {
        logger.warn({ channel, error: String(error) }, "QQ: the session cannot be kept; after a restart messages may be missed or come twice");
      });
    }
    saving = undefined;
  }
  function save(): void {
    isChanged = true;
    saving ??= saveAll();
  }

  return {
    get session() {
      return session;
    },
    seen,
    begin(next) {
      session = next;
      save();
    },
    commit(sessionId, sequence) {
      if (session?.id !== sessionId || sequence <= session.sequence) return;
      session = { id: sessionId, sequence };
      save();
    },
    drop() {
      session = undefined;
      save();
    },
    touch() {
      if (session !== undefined) save();
    },
    async flush() {
      await saving;
    },
  };
}
