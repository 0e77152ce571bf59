import { isChannelError } from "./errors.ts";
import type { SendReceipt } from "./message.ts";

/**
 * Sends parts in order, each after the one before has arrived, and joins their receipts.
 *
 * The first failure stops the rest. A ChannelError then carries `progress`, and with several parts its message ends in
 * `(1 of 3 parts delivered)`; anything else, e.g. the reason of an abort, comes through as it is.
 */
export async function sendInOrder<P>(parts: readonly P[], sendOne: (part: P, index: number) => Promise<SendReceipt>): Promise<SendReceipt> {
  const receipts: SendReceipt[] = [];
  for (const [index, part] of parts.entries()) {
    try {
      receipts.push(await sendOne(part, index));
    } catch (error) {
      noteProgress(error, index, parts.length);
      throw error;
    }
  }
  return joinReceipts(receipts);
}

function noteProgress(error: unknown, delivered: number, total: number): void {
  if (!isChannelError(error)) return;
  error.progress = { delivered, total };
  if (total > 1) error.message += ` (${delivered} of ${total} parts delivered)`;
}

/** All ids in order; the route and what is left of it as the last part found them. */
function joinReceipts(receipts: readonly SendReceipt[]): SendReceipt {
  return { ...receipts.at(-1), messageIds: receipts.flatMap(({ messageIds }) => messageIds) };
}
