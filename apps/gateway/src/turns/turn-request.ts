import { textOf, type AttachmentKind, type Channel, type MarkerKind } from "@revka/core";
import type { TurnRequest } from "../agents/agent.ts";
import type { PreparedMessage } from "../media/prepare-message.ts";
import { renderInbound } from "./inbound-text.ts";

/** What makes a turn of a message. */
export interface TurnFacts {
  readonly turnId: string;
  readonly attempt: number;
  readonly conversationKey: string;
  /** The markers that the agent may use; default none. */
  readonly markers?: readonly MarkerKind[];
}

/** A message, with as much of what it points to as was fetched. */
export type TurnMessage = Pick<PreparedMessage, "message"> & Partial<PreparedMessage>;

/** The request that asks an agent to answer a message. */
export function createTurnRequest({ message, contents, media = [] }: TurnMessage, channel: Channel, facts: TurnFacts): TurnRequest {
  const { turnId, attempt, conversationKey, markers = [] } = facts;
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
      rendered: renderInbound(message, contents),
      parts: message.parts,
      media,
      sentAt: message.sentAt,
      ...(locale !== undefined && { locale }),
    },
    history: [],
    hints: { format: channel.capabilities.markdown ? "markdown" : "text", text: channel.capabilities.text, markers },
  };
}

const MARKERS: Readonly<Record<AttachmentKind, MarkerKind>> = { image: "IMAGE", video: "VIDEO", audio: "VOICE", file: "FILE" };

/** The markers of these kinds of files. */
export function markersFor(kinds: readonly AttachmentKind[]): MarkerKind[] {
  return kinds.map((kind) => MARKERS[kind]);
}
