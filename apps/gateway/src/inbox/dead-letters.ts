import type { SQLOutputValue } from "node:sqlite";
import { textOf, type InboundMessage } from "@revka/core";
import type { Database } from "../database/open.ts";
import { prepareAll } from "../database/prepare.ts";
import { parseEntry, type InboxEntry } from "./entry.ts";

/** A message that was given up. */
export interface DeadLetter {
  readonly seq: number;
  readonly channel: string;
  readonly messageId: string;
  readonly conversationId: string;
  readonly senderId: string;
  /** What was written: for the operator's eyes only. */
  readonly text: string;
  /** Epoch ms. */
  readonly acceptedAt: number;
  readonly diedAt: number;
  readonly attempt: number;
  readonly reason: string;
  /** The agent had answered: what was given up is the rest of its answer. */
  readonly hasReply: boolean;
}

/** The messages that were given up, for as long as they are kept. */
export interface DeadLetters {
  /** The newest first. */
  list(limit: number): readonly DeadLetter[];
  find(seq: number): DeadLetter | undefined;
  /**
   * Makes it a message that was just accepted: its answer is sent where there is one, else the agent is asked again.
   * Undefined when there is no such dead letter.
   */
  replay(seq: number, now: number): Promise<InboxEntry | undefined>;
  /** Forgets it; its id stays, so that a late copy is not answered. False when there is no such dead letter. */
  drop(seq: number): Promise<boolean>;
}

const COLUMNS = "seq, channel, message_id, accepted_at, settled_at, attempt, message, reason, parts IS NOT NULL AS has_reply";

const SQL = {
  list: `SELECT ${COLUMNS} FROM inbox WHERE state = 'dead' ORDER BY settled_at DESC, seq DESC LIMIT ?`,
  find: `SELECT ${COLUMNS} FROM inbox WHERE state = 'dead' AND seq = ?`,
  replay: `UPDATE inbox SET state = CASE WHEN parts IS NULL THEN 'accepted' ELSE 'delivering' END,
    accepted_at = ?, settled_at = NULL, attempt = 0, reason = NULL WHERE seq = ? AND state = 'dead'`,
  entry: `SELECT seq, state, accepted_at, attempt, turn_id, message, parts,
    (SELECT count(*) FROM receipts WHERE receipts.seq = inbox.seq) AS delivered FROM inbox WHERE seq = ?`,
  drop: "UPDATE inbox SET state = 'done', message = NULL, parts = NULL, reason = NULL WHERE seq = ? AND state = 'dead'",
  forgetReceipts: "DELETE FROM receipts WHERE seq = ?",
} as const;

/** The dead letters of the inbox in `database`. */
export function createDeadLetters({ connection, commit }: Pick<Database, "connection" | "commit">): DeadLetters {
  const sql = prepareAll(connection, SQL);
  return {
    list: (limit) => sql.list.all(limit).map(parseLetter),
    find(seq) {
      const row = sql.find.get(seq);
      return row === undefined ? undefined : parseLetter(row);
    },
    replay: (seq, now) =>
      commit.write(() => {
        if (sql.replay.run(now, seq).changes === 0) return undefined;
        const row = sql.entry.get(seq);
        return row === undefined ? undefined : parseEntry(row);
      }),
    drop: (seq) =>
      commit.write(() => {
        const isDropped = sql.drop.run(seq).changes > 0;
        if (isDropped) sql.forgetReceipts.run(seq);
        return isDropped;
      }),
  };
}

function parseLetter(row: Readonly<Record<string, SQLOutputValue>>): DeadLetter {
  const message = JSON.parse(String(row["message"])) as InboundMessage; // the inbox itself wrote it
  return {
    seq: Number(row["seq"]),
    channel: String(row["channel"]),
    messageId: String(row["message_id"]),
    conversationId: message.conversation.id,
    senderId: message.sender.id,
    text: textOf(message),
    acceptedAt: Number(row["accepted_at"]),
    diedAt: Number(row["settled_at"]),
    attempt: Number(row["attempt"]),
    reason: String(row["reason"]),
    hasReply: Number(row["has_reply"]) === 1,
  };
}
