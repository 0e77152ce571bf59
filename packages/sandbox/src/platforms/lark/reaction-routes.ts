import { Hono } from "hono";
import * as v from "valibot";
import { answer, readBody, readQuery } from "./call.ts";
import { EMOJI } from "./emoji.ts";
import { LIMITS } from "./limits.ts";
import type { Reaction } from "./reactions.ts";
import { refuse } from "./refusal.ts";
import type { RestState } from "./rest-state.ts";

const PATH = "/open-apis/im/v1/messages/:id/reactions";
const ADD = v.object({ reaction_type: v.object({ emoji_type: v.string() }) });
const digits = v.pipe(v.string(), v.digits(), v.transform(Number));
const LIST = v.object({
  reaction_type: v.exactOptional(v.string()),
  page_size: v.optional(v.pipe(digits, v.minValue(1), v.maxValue(LIMITS.reactionPageMax)), String(LIMITS.reactionPage)),
  page_token: v.optional(digits, "0"),
});

/** Reactions to messages. */
export function reactionRoutes(state: RestState): Hono {
  const app = new Hono();
  app.post(PATH, async (c) => {
    const { reaction_type: type } = await readBody(c.req, ADD);
    if (!EMOJI.has(type.emoji_type)) throw refuse(231001);
    const messageId = reachable(state, c.req.param("id"));
    return answer(render(state.reactions.add({ messageId, emoji: type.emoji_type, operatorId: state.app().appId, operatorType: "app" })));
  });
  app.delete(`${PATH}/:reaction`, (c) => {
    const messageId = reachable(state, c.req.param("id"));
    const reaction = state.reactions.find(c.req.param("reaction"));
    if (reaction?.messageId !== messageId) throw refuse(231011);
    if (reaction.operatorId !== state.app().appId) throw refuse(231007);
    state.reactions.remove(reaction);
    return answer(render(reaction));
  });
  app.get(PATH, (c) => {
    const { reaction_type: emoji, page_size: size, page_token: start } = readQuery(c.req, LIST, 231001);
    const all = state.reactions.of(reachable(state, c.req.param("id"))).filter((reaction) => emoji === undefined || reaction.emoji === emoji);
    const hasMore = all.length > start + size;
    return answer({ items: all.slice(start, start + size).map(render), has_more: hasMore, page_token: hasMore ? String(start + size) : "" });
  });
  return app;
}

/** Id of a message that can be reacted to. @throws LarkRefusal 231003 or 231002. */
function reachable(state: RestState, messageId: string): string {
  const message = state.messages.find(messageId);
  if (message === undefined || message.isRecalled) throw refuse(231003);
  if (state.chats.find(message.chatId)?.status !== "joined") throw refuse(231002);
  return messageId;
}

function render({ reactionId, operatorId, operatorType, at, emoji }: Reaction): object {
  return {
    reaction_id: reactionId,
    operator: { operator_id: operatorId, operator_type: operatorType },
    action_time: String(at),
    reaction_type: { emoji_type: emoji },
  };
}
