import type { SQLOutputValue } from "node:sqlite";
import type { InboundMessage } from "@revka/core";
import type { ReplyPart } from "../delivery/reply-part.ts";

/** How far an accepted message has come. */
export type InboxState = "accepted" | "running" | "delivering";

/** An answer that is on disk: what is posted is decided. */
export interface StoredReply {
  readonly parts: readonly ReplyPart[];
  /** How many parts, from the first on, have a recorded receipt. */
  readonly delivered: number;
}

/** An accepted message on its way through the house. */
export interface InboxEntry {
  /** The order of acceptance. */
  readonly seq: number;
  readonly state: InboxState;
  readonly message: InboundMessage;
  /** Epoch ms. */
  readonly acceptedAt: number;
  /** How often a turn was begun, also by earlier processes. */
  readonly attempt: number;
  /** Set once a turn was begun; the same for all its attempts. */
  readonly turnId?: string;
  /** Set once the agent has answered. */
  readonly reply?: StoredReply;
}

/** Reads a row that the inbox itself wrote. */
export function parseEntry(row: Readonly<Record<string, SQLOutputValue>>): InboxEntry {
  const turnId = row["turn_id"];
  const parts = row["parts"];
  return {
    seq: Number(row["seq"]),
    state: row["state"] as InboxState,
    message: JSON.parse(String(row["message"])) as InboundMessage,
    acceptedAt: Number(row["accepted_at"]),
    attempt: Number(row["attempt"]),
    ...(typeof turnId === "string" && { turnId }),
    ...(typeof parts === "string" && { reply: { parts: JSON.parse(parts) as ReplyPart[], delivered: Number(row["delivered"]) } }),
  };
}
