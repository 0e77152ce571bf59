import { isAllowed } from "./allowlist.ts";
import type { Dedup } from "./dedup.ts";

/** What is written on the outside of a message: enough to decide whether to open it. */
export interface Envelope {
  readonly messageId: string;
  /** Every id the platform supplies for the sender. */
  readonly senderIds: readonly string[];
  /** The bot itself wrote it. */
  readonly isOwn: boolean;
  readonly isDirect: boolean;
  readonly mentionsBot: boolean;
}

/** Whether a message may come in, or why not. */
export type Admission = "admitted" | "own" | "not-addressed" | "denied" | "duplicate";

/** Who and what comes in. */
export interface AdmitRules {
  readonly allowedUsers: readonly string[];
  /**
   * In groups, only messages that mention the bot.
   * @default false
   */
  readonly mentionOnly?: boolean;
  /** Only looked at: who delivers the message also adds it. */
  readonly dedup?: Dedup;
}

/**
 * Decides from the envelope alone whether a message comes in.
 *
 * The allowlist comes before the dedup set, so that strangers can neither fill the set nor cost a download.
 */
export function admit(envelope: Envelope, rules: AdmitRules): Admission {
  if (envelope.isOwn) return "own";
  if (rules.mentionOnly === true && !envelope.isDirect && !envelope.mentionsBot) return "not-addressed";
  if (!isAllowed(envelope.senderIds, rules.allowedUsers)) return "denied";
  return rules.dedup?.has(envelope.messageId) === true ? "duplicate" : "admitted";
}
