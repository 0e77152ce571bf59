import { isChannelError, type Channel, type OutboundMessage, type SendReceipt } from "@revka/core";
import { describeError } from "../describe-error.ts";
import type { InboxEntry } from "../inbox/entry.ts";
import type { Runtime } from "../runtime.ts";
import { retryDelay } from "./retry-policy.ts";

/** One message of an answer, and whose it is. */
export interface SendFacts {
  readonly channel: Channel;
  readonly entry: InboxEntry;
  readonly turnId: string;
  /** Its place in the answer, from 0. */
  readonly part: number;
}

/**
 * Sends one message until the platform takes it. Whatever comes after it in the conversation waits as well: order holds
 * across retries.
 *
 * @param createMessage - called for each attempt, so that a file is in memory only while it is sent.
 * @throws the error that no waiting mends, or the last one when the answer grew too old; the signal's reason on a stop.
 */
export async function sendPatiently(createMessage: () => OutboundMessage | Promise<OutboundMessage>, { channel, entry, turnId, part }: SendFacts, runtime: Runtime): Promise<SendReceipt> {
  const { clock, random, stopped, settings } = runtime;
  const { idempotentSend } = channel.capabilities;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await channel.send(await createMessage(), stopped);
    } catch (error) {
      stopped.throwIfAborted();
      const delayMs = retryDelay(error, { attempt, idempotentSend, random });
      if (delayMs === undefined || clock.now() + delayMs > entry.acceptedAt + settings.replayMaxAgeMs) throw error;
      const fields = { channel: channel.name, turn_id: turnId, part, attempt, delay_ms: Math.round(delayMs), error: describeError(error, runtime) };
      if (attempt === 1) runtime.logger.warn(fields, "An answer cannot be sent for now; trying again");
      else runtime.logger.debug(fields, "An answer still cannot be sent");
      runtime.observe({ step: "part-retried", channel: channel.name, messageId: entry.message.id, turnId, part, reason: isChannelError(error) ? error.code : "other" });
      await clock.sleep(delayMs, stopped);
    }
  }
}
