import { textOf, type Channel } from "@revka/core";
import type { TurnRequest } from "../agents/agent.ts";
import type { InboxEntry } from "../inbox/entry.ts";
import { renderInbound } from "./inbound-text.ts";

/** What makes a turn of a message. */
export interface TurnFacts {
  readonly turnId: string;
  readonly attempt: number;
  readonly conversationKey: string;
}

/** The request that asks an agent to answer `entry`. */
export function createTurnRequest({ message }: InboxEntry, channel: Channel, { turnId, attempt, conversationKey }: TurnFacts): TurnRequest {
  const { id, kind, threadId } = message.conversation;
  const { sender, locale } = message;
  return {
    turnId,
    attempt,
    conversation: { key: conversationKey, channel: channel.name, kind, id, ...(threadId !== undefined && { threadId }) },
    sender: { id: sender.id, ...(sender.name !== undefined && { name: sender.name }) },
    message: {
      ids: [message.id],
      text: textOf(message),
      rendered: renderInbound(message),
      parts: message.parts,
      sentAt: message.sentAt,
      ...(locale !== undefined && { locale }),
    },
    history: [],
    hints: { format: channel.capabilities.markdown ? "markdown" : "text", text: channel.capabilities.text },
  };
}
