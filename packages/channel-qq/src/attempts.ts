import { createKeyedQueue, scopeStore, type ChannelContext } from "@revka/core";
import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Ticket } from "./api.ts";
import { LIMITS } from "./limits.ts";

/** How an earlier send of the same message ended. */
export interface Attempt {
  /** `"open"`: certainly not delivered; `"unknown"`: perhaps; `"done"`: delivered. */
  readonly state: "open" | "unknown" | "done";
  /** What it answered; absent where it answered nothing. */
  readonly ticket?: Ticket;
  readonly messageIds?: readonly string[];
}

/** The newest sends, by their idempotency keys. They survive a restart, so that a send that is repeated shows once. */
export interface Attempts {
  find(key: string): Promise<Attempt | undefined>;
  keep(key: string, attempt: Attempt): Promise<void>;
}

const shelfSchema = v.array(
  v.object({
    key: v.string(),
    keptAt: v.number(),
    state: v.picklist(["open", "unknown", "done"]),
    ticket: v.nullable(v.object({ messageId: v.string(), sequence: v.number() })),
    messageIds: v.array(v.string()),
  }),
);
type AttemptRecord = v.InferOutput<typeof shelfSchema>[number];

/** Opens them in the context's store: on a fixed number of shelves, each with the newest few. */
export function createAttempts({ store, clock }: Pick<ChannelContext, "store" | "clock">): Attempts {
  const shelves = scopeStore(store, "attempts");
  // A shelf is changed by one at a time; how many wait is up to the callers.
  const lanes = createKeyedQueue({ maxParallel: Infinity, maxWaiting: Infinity });

  async function read(shelf: string): Promise<readonly AttemptRecord[]> {
    const records = v.safeParse(shelfSchema, await shelves.get(shelf));
    return records.success ? records.output.filter(({ keptAt }) => keptAt > clock.now() - LIMITS.attemptMs) : [];
  }

  return {
    async find(key) {
      const place = placeOf(key);
      const record = (await read(place.shelf)).find(({ key: kept }) => kept === place.key);
      return record && { state: record.state, messageIds: record.messageIds, ...(record.ticket && { ticket: record.ticket }) };
    },
    async keep(key, { state, ticket, messageIds = [] }) {
      const place = placeOf(key);
      await lanes.run(place.shelf, async () => {
        const others = (await read(place.shelf)).filter((record) => record.key !== place.key);
        const record = { key: place.key, keptAt: clock.now(), state, ticket: ticket === undefined ? null : { ...ticket }, messageIds };
        await shelves.set(place.shelf, [...others, record].slice(-LIMITS.attemptsPerShelf), { ttlMs: LIMITS.attemptMs });
      });
    },
  };
}

function placeOf(key: string): { readonly shelf: string; readonly key: string } {
  const digest = createHash("sha256").update(key).digest();
  return { shelf: String(digest.readUInt16BE() % LIMITS.attemptShelves), key: digest.toString("base64url") };
}
