import { replyTo, type Channel, type SendReceipt } from "@revka/core";
import { describeError } from "../describe-error.ts";
import type { InboxEntry, StoredReply } from "../inbox/entry.ts";
import { persist } from "../inbox/persist.ts";
import type { Runtime } from "../runtime.ts";
import { retryDelay } from "./retry-policy.ts";

/** An answer on its way out. */
export interface Delivery {
  readonly channel: Channel;
  readonly entry: InboxEntry;
  readonly turnId: string;
  readonly reply: StoredReply;
}

/**
 * Posts the parts of an answer that have no receipt yet, one after another, each recorded before the next.
 *
 * A part whose receipt the process did not live to record goes out again under the same idempotency key: at least once,
 * and just once where the platform can tell.
 * @throws the error that no waiting mends, or the last one when the answer grew too old; the signal's reason on a stop.
 */
export async function deliver(delivery: Delivery, runtime: Runtime): Promise<void> {
  const { channel, entry, turnId, reply } = delivery;
  for (const [part, text] of reply.parts.entries()) {
    if (part < reply.delivered) continue;
    const event = { channel: channel.name, messageId: entry.message.id, turnId, part };
    const receipt = await sendPart(delivery, { part, text }, runtime);
    runtime.observe({ ...event, step: "part-sent" });
    await persist(() => runtime.inbox.recordReceipt(entry.seq, part, receipt), runtime);
    runtime.observe({ ...event, step: "part-recorded" });
  }
}

interface Part {
  readonly part: number;
  readonly text: string;
}

/** Sends one part until the platform takes it. Whatever comes after it in the conversation waits as well: order holds across retries. */
async function sendPart({ channel, entry, turnId }: Delivery, { part, text }: Part, runtime: Runtime): Promise<SendReceipt> {
  const { clock, random, stopped, settings } = runtime;
  const { idempotentSend } = channel.capabilities;
  const message = { target: replyTo(entry.message), text, idempotencyKey: `${turnId}:${part}` };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await channel.send(message, stopped);
    } catch (error) {
      stopped.throwIfAborted();
      const delayMs = retryDelay(error, { attempt, idempotentSend, random });
      if (delayMs === undefined || clock.now() + delayMs > entry.acceptedAt + settings.replayMaxAgeMs) throw error;
      const fields = { channel: channel.name, turn_id: turnId, part, attempt, delay_ms: Math.round(delayMs), error: describeError(error, runtime) };
      if (attempt === 1) runtime.logger.warn(fields, "An answer cannot be sent for now; trying again");
      else runtime.logger.debug(fields, "An answer still cannot be sent");
      runtime.observe({ step: "part-retried", channel: channel.name, messageId: entry.message.id, turnId, part });
      await clock.sleep(delayMs, stopped);
    }
  }
}
