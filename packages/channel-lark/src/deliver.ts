import type { ChannelContext, ReplyTarget, SendReceipt } from "@revka/core";
import type { LarkApi } from "./api.ts";
import { platformIdOf } from "./card-action.ts";
import { createChatPaces } from "./chat-pace.ts";
import { createMessages, type PostOptions } from "./messages.ts";
import type { LarkContent } from "./outbound.ts";
import { isCode, NO_THREAD, QUESTION_GONE } from "./platform-codes.ts";
import { sendPatiently } from "./send-patiently.ts";

/** Posts one platform message, in its chat's turn and by the best way there is; the receipt names it. */
export type Deliver = (target: ReplyTarget, content: LarkContent, options: PostOptions) => Promise<SendReceipt>;

/** What delivering needs. */
export interface DeliverMeans {
  readonly context: ChannelContext;
  readonly api: LarkApi;
}

/**
 * Delivers answers as answers, in the thread of their question; where the question is gone, or the chat has no threads, as
 * plainly as must be. Every way has the same `uuid`, so that none shows what another has shown.
 */
export function createDeliver({ context, api }: DeliverMeans): Deliver {
  const messages = createMessages(api);
  const paceOf = createChatPaces(context.clock);

  return async (target, content, options) => {
    const { conversationId, threadId } = target;
    const questionId = platformIdOf(target.messageId);
    const patience = { context, pace: paceOf(conversationId), signal: options.signal };
    const post = (call: () => Promise<readonly string[]>): Promise<readonly string[]> => sendPatiently(call, patience);
    const reply = (messageId: string, inThread: boolean): Promise<readonly string[]> => post(() => messages.reply(messageId, content, { ...options, inThread }));

    async function answer(messageId: string): Promise<readonly string[]> {
      const inThread = threadId !== undefined;
      try {
        return await reply(messageId, inThread);
      } catch (error) {
        if (!inThread || !isCode(error, NO_THREAD)) throw error;
        return await reply(messageId, false);
      }
    }

    if (questionId !== undefined) {
      try {
        return { messageIds: await answer(questionId), route: "reply" };
      } catch (error) {
        if (!isCode(error, QUESTION_GONE)) throw error;
        context.logger.debug({ channel: context.instance, messageId: questionId }, "Lark: the question is gone, answering in its chat");
      }
    }
    return { messageIds: await post(() => messages.send(conversationId, content, options)), route: "chat" };
  };
}
