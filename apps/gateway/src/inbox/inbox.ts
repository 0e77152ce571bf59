import type { InboundMessage, SendReceipt } from "@revka/core";
import type { Database } from "../database/open.ts";
import { prepareAll } from "../database/prepare.ts";
import type { ReplyPart } from "../delivery/reply-part.ts";
import { parseEntry, type InboxEntry } from "./entry.ts";

/**
 * The durable inbox: what was accepted stays until it is answered or given up, whatever happens to the process.
 *
 * A row is `accepted`, then `running` (an agent may be at work), `delivering` (the answer is on disk), and at last
 * `done` or `dead`. Every write resolves once it is committed, and rejects with a TransientError when it cannot be.
 */
export interface Inbox {
  /** Whether this message was seen before, in any state. */
  has(channel: string, messageId: string): boolean;
  /** Records a message as accepted; undefined when it was there already. */
  add(message: InboundMessage, acceptedAt: number): Promise<InboxEntry | undefined>;
  /** `running`: from now on the agent may have acted. */
  begin(seq: number, turnId: string): Promise<void>;
  /** `delivering`: from now on the agent is not asked again. */
  storeReply(seq: number, parts: readonly ReplyPart[]): Promise<void>;
  recordReceipt(seq: number, part: number, receipt: SendReceipt): Promise<void>;
  /** `done`: only the id is kept, so that a late copy is recognised. */
  settle(seq: number, settledAt: number): Promise<void>;
  /** `dead`: kept whole with the reason, for the operator. */
  bury(seq: number, settledAt: number, reason: string): Promise<void>;
  /** Everything that earlier processes left, in the order of acceptance. */
  unfinished(): InboxEntry[];
  /** Forgets what was settled long ago; a late copy of it would be taken for new. */
  sweep(now: number): Promise<void>;
}

const LIMITS = {
  /** Platforms redeliver for hours: Lark up to 6 h after a missed ack. */
  doneMs: 24 * 3_600_000,
  deadMs: 7 * 24 * 3_600_000,
  /** Settled rows in all, about 100 bytes each; beyond it the oldest go before their time. */
  settledRows: 500_000,
  /** Rows that one transaction of a sweep takes, so that it does not hold up the sockets. */
  sweptAtOnce: 5_000,
} as const;

const SQL = {
  has: "SELECT 1 FROM inbox WHERE channel = ? AND message_id = ?",
  add: "INSERT INTO inbox (channel, message_id, state, accepted_at, message) VALUES (?, ?, 'accepted', ?, ?) ON CONFLICT DO NOTHING",
  begin: "UPDATE inbox SET state = 'running', turn_id = ?, attempt = attempt + 1 WHERE seq = ?",
  storeReply: "UPDATE inbox SET state = 'delivering', parts = ? WHERE seq = ?",
  recordReceipt: "INSERT OR REPLACE INTO receipts (seq, part, receipt) VALUES (?, ?, ?)",
  settle: "UPDATE inbox SET state = 'done', settled_at = ?, message = NULL, parts = NULL WHERE seq = ?",
  forgetReceipts: "DELETE FROM receipts WHERE seq = ?",
  bury: "UPDATE inbox SET state = 'dead', settled_at = ?, reason = ? WHERE seq = ?",
  unfinished: `SELECT seq, state, accepted_at, attempt, turn_id, message, parts,
    (SELECT count(*) FROM receipts WHERE receipts.seq = inbox.seq) AS delivered FROM inbox WHERE settled_at IS NULL ORDER BY seq`,
  expire: "DELETE FROM inbox WHERE seq IN (SELECT seq FROM inbox WHERE settled_at <= ? AND state = ? LIMIT ?)",
  evict: `DELETE FROM inbox WHERE seq IN (
    SELECT seq FROM inbox WHERE settled_at IS NOT NULL ORDER BY settled_at DESC LIMIT ?2 OFFSET ?1)`,
  sweepReceipts: "DELETE FROM receipts WHERE seq NOT IN (SELECT seq FROM inbox)",
} as const;

/** The inbox in `database`. */
export function createInbox({ connection, commit }: Database, maxSettledRows: number = LIMITS.settledRows): Inbox {
  const sql = prepareAll(connection, SQL);
  const slice = LIMITS.sweptAtOnce;

  function sweepSlice(now: number): number {
    const done = sql.expire.run(now - LIMITS.doneMs, "done", slice).changes;
    const dead = sql.expire.run(now - LIMITS.deadMs, "dead", slice).changes;
    const evicted = sql.evict.run(maxSettledRows, slice).changes;
    sql.sweepReceipts.run();
    return Math.max(Number(done), Number(dead), Number(evicted));
  }

  return {
    has: (channel, messageId) => sql.has.get(channel, messageId) !== undefined,
    add(message, acceptedAt) {
      const text = JSON.stringify(message);
      return commit.write(() => {
        const { changes, lastInsertRowid } = sql.add.run(message.channel, message.id, acceptedAt, text);
        return changes === 0 ? undefined : { seq: Number(lastInsertRowid), state: "accepted", message, acceptedAt, attempt: 0 };
      });
    },
    async begin(seq, turnId) {
      await commit.write(() => sql.begin.run(turnId, seq));
    },
    async storeReply(seq, parts) {
      await commit.write(() => sql.storeReply.run(JSON.stringify(parts), seq));
    },
    async recordReceipt(seq, part, receipt) {
      await commit.write(() => sql.recordReceipt.run(seq, part, JSON.stringify(receipt)));
    },
    async settle(seq, settledAt) {
      await commit.write(() => {
        sql.settle.run(settledAt, seq);
        sql.forgetReceipts.run(seq);
      });
    },
    async bury(seq, settledAt, reason) {
      await commit.write(() => sql.bury.run(settledAt, reason, seq));
    },
    unfinished: () => sql.unfinished.all().map(parseEntry),
    async sweep(now) {
      let removed: number;
      do removed = await commit.write(() => sweepSlice(now));
      while (removed === slice);
    },
  };
}
