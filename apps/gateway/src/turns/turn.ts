import type { Channel } from "@revka/core";
import type { NoticeRequest } from "../delivery/notifier.ts";
import type { InboxEntry } from "../inbox/entry.ts";
import { persist } from "../inbox/persist.ts";
import type { GatewayStep } from "../observer.ts";
import type { Runtime } from "../runtime.ts";

/** One message's turn: what its steps hand to each other. */
export interface Turn {
  readonly entry: InboxEntry;
  readonly channel: Channel;
  /** What logs and notices call it by. */
  readonly turnId: string;
  readonly conversationKey: string;
  readonly runtime: Runtime;
}

/** Ends a turn well. */
export async function settle(turn: Turn): Promise<void> {
  const { entry, runtime } = turn;
  await persist(() => runtime.inbox.settle(entry.seq, runtime.clock.now()), runtime);
  observe(turn, "settled");
}

/** Ends a turn as a dead letter, kept for the operator. */
export async function bury(turn: Turn, reason: string): Promise<void> {
  const { entry, runtime } = turn;
  await persist(() => runtime.inbox.bury(entry.seq, runtime.clock.now(), reason), runtime);
  observe(turn, "dead", reason);
}

/** Tells the user, if users are told at all. */
export async function tell({ channel, entry, runtime }: Turn, notice: Omit<NoticeRequest, "channel" | "message">): Promise<void> {
  await runtime.notifier.tell({ ...notice, channel, message: entry.message });
}

/** Tells the observer. */
export function observe({ entry, channel, turnId, runtime }: Turn, step: GatewayStep, reason?: string): void {
  runtime.observe({ step, channel: channel.name, messageId: entry.message.id, turnId, ...(reason !== undefined && { reason }) });
}

/** What every log line of a turn says. */
export function logFields({ entry, channel, turnId, conversationKey }: Turn): Readonly<Record<string, unknown>> {
  return { channel: channel.name, conversation: conversationKey, message_id: entry.message.id, turn_id: turnId, ref: turnId };
}
