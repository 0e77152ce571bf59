import type { Envelope, InboundMessage } from "@revka/core";
import type { MochatMessage } from "./wire.ts";

/** What the gate may know of a message. Mochat has no groups: whoever writes addresses the bot. */
export function envelopeOf(message: MochatMessage, ignoreUsers: readonly string[]): Envelope {
  return {
    messageId: message.id ?? "",
    senderIds: [message.sender],
    isOwn: ignoreUsers.includes(message.sender),
    isDirect: true,
    mentionsBot: true,
  };
}

/** What a message does not say itself. */
export interface Arrival {
  /** The channel instance. */
  readonly channel: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** An id for a message that has none. */
  readonly newId: () => string;
}

/** The message as everybody else knows it. Answers go to its sender. */
export function normalise(message: MochatMessage, { channel, receivedAt, newId }: Arrival): InboundMessage {
  return {
    id: message.id ?? newId(),
    channel,
    conversation: { id: message.sender, kind: "direct" },
    sender: { id: message.sender },
    parts: [{ kind: "text", text: message.text }],
    mentionsBot: true,
    sentAt: message.sentAt ?? receivedAt,
    receivedAt,
  };
}
