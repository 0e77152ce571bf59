import { replyTo, type Channel, type SendReceipt } from "@revka/core";
import type { InboxEntry, StoredReply } from "../inbox/entry.ts";
import { persist } from "../inbox/persist.ts";
import type { Presence } from "../presence/presence.ts";
import type { Runtime } from "../runtime.ts";
import type { ReplyPart } from "./reply-part.ts";
import { sendFile } from "./send-file.ts";
import { sendPatiently } from "./send-patiently.ts";

/** An answer on its way out. */
export interface Delivery {
  readonly channel: Channel;
  readonly entry: InboxEntry;
  readonly turnId: string;
  readonly reply: StoredReply;
  /** What people have seen of it meanwhile; absent for an answer of an earlier process. */
  readonly presence?: Presence;
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
  for (const [place, part] of reply.parts.entries()) {
    if (place < reply.delivered) continue;
    const event = { channel: channel.name, messageId: entry.message.id, turnId, part: place };
    const receipt = (place === 0 ? await finishPresence(delivery, part) : undefined) ?? (await sendPart(delivery, { place, part }, runtime));
    runtime.observe({ ...event, step: "part-sent" });
    await persist(() => runtime.inbox.recordReceipt(entry.seq, place, receipt), runtime);
    runtime.observe({ ...event, step: "part-recorded" });
  }
}

/** Ends what people saw before the answer; a growing answer becomes its first message. */
async function finishPresence({ presence }: Delivery, part: ReplyPart): Promise<SendReceipt | undefined> {
  return presence?.finish(typeof part === "string" ? part : undefined);
}

async function sendPart({ channel, entry, turnId }: Delivery, { place, part }: { readonly place: number; readonly part: ReplyPart }, runtime: Runtime): Promise<SendReceipt> {
  const facts = { channel, entry, turnId, part: place };
  if (typeof part !== "string") return sendFile(part.media, facts, runtime);
  const message = { target: replyTo(entry.message), text: part, idempotencyKey: `${turnId}:${place}` };
  return sendPatiently(() => message, facts, runtime);
}
