import { isChannelError, type SendReceipt } from "@revka/core";
import type { AnswerMeans, Letter } from "./answer.ts";
import { CODES, isRefusedWith } from "./codes.ts";
import type { Consents } from "./consents.ts";
import { lostAnswerError } from "./errors.ts";
import { patiently } from "./patiently.ts";
import { conversationIdOf } from "./recipient.ts";

/** What writing unasked needs. */
export interface PushMeans extends Pick<AnswerMeans, "api" | "attempts" | "noteDelivered" | "context"> {
  readonly consents: Pick<Consents, "isRefused">;
}

/** Sends a letter that answers nothing; undefined where its recipient wants none such. */
export type Push = (letter: Letter) => Promise<SendReceipt | undefined>;

/** Writes unasked. The platform cannot tell a repeat, so only what certainly did nothing is sent again. */
export function createPush({ api, attempts, consents, noteDelivered, context }: PushMeans): Push {
  return async ({ to, content: contentOf, key, signal }) => {
    if (await consents.isRefused(conversationIdOf(to))) return undefined;
    const content = await contentOf();
    await attempts.keep(key, { state: "unknown" });

    async function refuse(error: unknown): Promise<undefined> {
      if (!isChannelError(error)) throw error;
      if (error.code === "unknown-outcome") throw lostAnswerError(conversationIdOf(to), error, context.instance);
      await attempts.keep(key, { state: "open" });
      if (!isRefusedWith(error, CODES.unasked)) throw error;
      return undefined;
    }
    const sent = await patiently(() => api.sendMessage(to, { content }, signal), { context, signal, isRepeatable: false }).catch(refuse);
    return sent && noteDelivered({ key, content, sent });
  };
}
