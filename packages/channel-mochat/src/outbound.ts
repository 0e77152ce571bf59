import { NoReplyRouteError, splitText, type OutboundMessage } from "@revka/core";
import type { MochatSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";
import type { MochatText } from "./wire.ts";

/** The longest text that goes out as one message. */
export function textLimit({ maxMessageChars }: Pick<MochatSettings, "maxMessageChars">): number {
  return maxMessageChars === 0 ? LIMITS.messageChars : maxMessageChars;
}

/** Cuts a text into pieces of one message each; a blank text gives none. */
export function split(text: string, settings: Pick<MochatSettings, "maxMessageChars">): readonly string[] {
  return splitText(text, { limit: textLimit(settings), unit: "chars" });
}

/**
 * The user a message goes to: the one it names, or else the configured one.
 *
 * @throws NoReplyRouteError when there is neither.
 */
export function recipientOf({ target }: OutboundMessage, { notificationTarget }: Pick<MochatSettings, "notificationTarget">): string {
  const user = target.conversationId === "" ? notificationTarget : target.conversationId;
  if (user === undefined) throw new NoReplyRouteError("Mochat: name the user to write to, or set notification_target", { conversationId: "" });
  return user;
}

/**
 * The bodies of the calls that deliver `message`, in order. Text stays as it is, whatever its `format`.
 *
 * @throws NoReplyRouteError when neither the message nor the configuration names a user.
 * @throws TypeError when there is no text, or media besides: Mochat's API takes text only.
 */
export function render(message: OutboundMessage, settings: Pick<MochatSettings, "maxMessageChars" | "notificationTarget">): readonly MochatText[] {
  if (message.media !== undefined) throw new TypeError("Mochat takes no media: send its name or address as text");
  const toUserId = recipientOf(message, settings);
  const pieces = split(message.text, settings);
  if (pieces.length === 0) throw new TypeError("Mochat takes no empty message: give a text that is not blank");
  return pieces.map((piece) => ({ toUserId, msgType: "text", content: { text: piece } }));
}
