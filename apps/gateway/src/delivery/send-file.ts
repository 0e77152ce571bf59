import { isChannelError, replyTo, type SendReceipt } from "@revka/core";
import { describeError } from "../describe-error.ts";
import type { Runtime } from "../runtime.ts";
import { MediaRefusal } from "./media-refusal.ts";
import type { MediaReference } from "./reply-part.ts";
import { sendPatiently, type SendFacts } from "./send-patiently.ts";
import { unsentText } from "./unsent-text.ts";

/**
 * Sends a file of an answer; when it may not be sent, or the platform does not want it, a line that says so in its place.
 * @throws as `sendPatiently`.
 */
export async function sendFile(media: MediaReference, facts: SendFacts, runtime: Runtime): Promise<SendReceipt> {
  const { channel, entry, turnId, part } = facts;
  const target = replyTo(entry.message);
  const idempotencyKey = `${turnId}:${part}`;
  try {
    const createMessage = async () => ({ target, text: "", media: await runtime.resolveMedia(media, channel, runtime.stopped), idempotencyKey });
    return await sendPatiently(createMessage, facts, runtime);
  } catch (error) {
    if (!isForGood(error)) throw error;
    const fields = { channel: channel.name, message_id: entry.message.id, turn_id: turnId, part, media: media.kind, error: describeError(error, runtime) };
    runtime.logger.error(fields, "A file of an answer is not sent");
    const [text = ""] = channel.split(unsentText(media));
    // Another message, so another key: the platform may remember that it refused the first.
    return sendPatiently(() => ({ target, text, format: "text", idempotencyKey: `${idempotencyKey}:text` }), facts, runtime);
  }
}

/** Whether another message may go where this file cannot. */
function isForGood(error: unknown): boolean {
  return error instanceof MediaRefusal || (isChannelError(error) && ["platform", "too-large", "protocol"].includes(error.code));
}
