import type { InboundMessage } from "@revka/core";

/** What a Pigeon server says of a message. */
export interface PigeonEvent {
  readonly id: string;
  readonly user: string;
  readonly text: string;
}

/** Whether an element of an answer is a message; nothing that comes from outside is trusted to be. */
export function isPigeonEvent(value: unknown): value is PigeonEvent {
  if (typeof value !== "object" || value === null) return false;
  return ["id", "user", "text"].every((key) => key in value && typeof value[key as keyof typeof value] === "string");
}

/** The message as every host understands it: plain JSON. */
export function toMessage({ id, user, text }: PigeonEvent, channel: string, receivedAt: number): InboundMessage {
  return {
    id,
    channel,
    conversation: { id: user, kind: "direct" },
    sender: { id: user },
    parts: [{ kind: "text", text }],
    mentionsBot: true,
    sentAt: receivedAt,
    receivedAt,
  };
}
