import { isChannelError, type AnyChannelError, type SendProgress } from "../contract/errors.ts";
import type { SendReceipt } from "../contract/message.ts";

/**
 * Sends parts in order, each after the one before has arrived, and joins their receipts.
 *
 * The first failure stops the rest. If parts had arrived by then, a ChannelError carries `progress` and its message ends
 * in `(1 of 3 parts delivered)`; anything else, e.g. the reason of an abort, comes through as it is.
 */
export async function sendInOrder<P>(parts: readonly P[], sendOne: (part: P, index: number) => Promise<SendReceipt>): Promise<SendReceipt> {
  const receipts: SendReceipt[] = [];
  for (const [index, part] of parts.entries()) {
    try {
      receipts.push(await sendOne(part, index));
    } catch (error) {
      if (index === 0 || !isChannelError(error)) throw error;
      throw withProgress(error, { delivered: index, total: parts.length });
    }
  }
  return joinReceipts(receipts);
}

/** An error of the same class: not the same one, for several sends may share it, e.g. when no token can be had. */
function withProgress(error: AnyChannelError, progress: SendProgress): AnyChannelError {
  // Its constructor is the only one that takes no message; no send throws it.
  if (error.code === "config") return error;
  const message = `${error.message} (${progress.delivered} of ${progress.total} parts delivered)`;
  const copy: unknown = Reflect.construct(error.constructor, [message, Object.assign({}, error, { cause: error })]);
  return isChannelError(copy) ? Object.assign(copy, { progress }) : error;
}

/** All ids in order; the route and what is left of it as the last part found them. */
function joinReceipts(receipts: readonly SendReceipt[]): SendReceipt {
  return { ...receipts.at(-1), messageIds: receipts.flatMap(({ messageIds }) => messageIds) };
}
