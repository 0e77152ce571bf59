import { needsPreparing, prepareMessage, type PreparedMessage } from "../media/prepare-message.ts";
import type { Turn } from "./turn.ts";

/** Fetches what the message of a turn points to. Dispose of it when the agent is done with it: only so many are held in memory. */
export async function prepareTurn({ entry: { message }, channel, runtime }: Turn): Promise<PreparedMessage & Disposable> {
  const { holding, treatmentOf, draining } = runtime;
  using held = new DisposableStack();
  if (!needsPreparing(message, channel)) return { message, contents: new Map(), media: [], [Symbol.dispose]: () => undefined };
  held.use(await holding.take(draining));
  const { transcriber } = treatmentOf(channel.name);
  const prepared = await prepareMessage(message, { ...runtime, channel, messageId: message.id, transcriber, stopping: draining });
  const kept = held.move();
  return { ...prepared, [Symbol.dispose]: () => kept.dispose() };
}
