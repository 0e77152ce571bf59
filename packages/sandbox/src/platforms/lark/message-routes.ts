import { Hono, type HonoRequest } from "hono";
import * as v from "valibot";
import { answer, readBody, readQuery } from "./call.ts";
import { deliver, noteEdit } from "./deliver.ts";
import { LIMITS } from "./limits.ts";
import { readContent } from "./message-content.ts";
import { renderMessage } from "./message-object.ts";
import { messageIn, ownMessage } from "./message-lookup.ts";
import type { LarkMessage } from "./messages.ts";
import { RECEIVE_ID_TYPES } from "./people.ts";
import { refuse } from "./refusal.ts";
import type { RestState } from "./rest-state.ts";

const filled = v.pipe(v.string(), v.nonEmpty());
const MESSAGE = { msg_type: filled, content: filled };
const UUID = { uuid: v.exactOptional(v.pipe(v.string(), v.maxLength(LIMITS.uuidChars))) };
const SEND = v.object({ receive_id: filled, ...MESSAGE, ...UUID });
const REPLY = v.object({ ...MESSAGE, reply_in_thread: v.optional(v.boolean(), false), ...UUID });
const TARGET = v.object({ receive_id_type: v.picklist(RECEIVE_ID_TYPES) });
const EDITABLE: readonly string[] = ["text", "post"];

/** What an app does with messages. */
export function messageRoutes(state: RestState): Hono {
  const app = new Hono();
  const given = (message: LarkMessage): Response => answer(renderMessage(message, state.app()));
  app.post("/open-apis/im/v1/messages", async (c) => given(await send(state, c.req)));
  app.post("/open-apis/im/v1/messages/:id/reply", async (c) => given(await reply(state, c.req, c.req.param("id"))));
  app.patch("/open-apis/im/v1/messages/:id", async (c) => patch(state, c.req, c.req.param("id")));
  app.put("/open-apis/im/v1/messages/:id", async (c) => given(await put(state, c.req, c.req.param("id"))));
  app.delete("/open-apis/im/v1/messages/:id", (c) => {
    const { messageId } = ownMessage(state, c.req.param("id"), 230027);
    state.messages.recall(messageId);
    noteEdit(state, messageId, { kind: "recall", text: "" });
    return answer();
  });
  app.get("/open-apis/im/v1/messages/:id", (c) => {
    const message = messageIn(state, c.req.param("id"));
    const items = [message, ...state.messages.childrenOf(message.messageId)];
    return answer({ items: items.map((item) => renderMessage(item, state.app())) });
  });
  return app;
}

async function send(state: RestState, request: HonoRequest): Promise<LarkMessage> {
  const { receive_id_type: idType } = readQuery(request, TARGET);
  const { receive_id: id, msg_type: msgType, content, uuid } = await readBody(request, SEND);
  const bytes = await measure(request, msgType);
  const known = alreadySent(state, uuid);
  if (known !== undefined) return known;
  const { chatId } = state.chats.open(idType, id);
  const read = readContent(state, msgType, content);
  state.rates.message(chatId);
  const message = deliver(state, { via: "send", chatId, msgType, content: read, uuid, bytes });
  state.uuids.keep(uuid, message.messageId);
  return message;
}

async function reply(state: RestState, request: HonoRequest, messageId: string): Promise<LarkMessage> {
  const { msg_type: msgType, content, uuid, reply_in_thread: inThread } = await readBody(request, REPLY);
  const bytes = await measure(request, msgType);
  const known = alreadySent(state, uuid);
  if (known !== undefined) return known;
  const { chatId, isRecalled } = messageIn(state, messageId);
  if (isRecalled) throw refuse(230011);
  const read = readContent(state, msgType, content);
  state.rates.message(chatId);
  const place = state.messages.placeReply(messageId, inThread);
  const message = deliver(state, { via: "reply", chatId, msgType, content: read, place, uuid, bytes });
  state.uuids.keep(uuid, message.messageId);
  return message;
}

async function patch(state: RestState, request: HonoRequest, messageId: string): Promise<Response> {
  const { content } = await readBody(request, v.object({ content: filled }));
  await measure(request, "interactive");
  const { msgType, createdAt } = ownMessage(state, messageId, 230027);
  if (msgType !== "interactive") throw refuse(230054);
  if (state.now() - createdAt >= LIMITS.cardLifeMs) throw refuse(230031);
  const { text, cardId, payload } = readContent(state, msgType, content);
  const isEntity = cardId !== undefined || state.cards.shownBy(messageId) !== undefined;
  if (isEntity) throw refuse(230001, { msg: "card entities are changed by the card API" });
  state.rates.patch(messageId);
  state.messages.edit(messageId, { content: JSON.stringify(payload) });
  noteEdit(state, messageId, { kind: "patch", text });
  return answer();
}

async function put(state: RestState, request: HonoRequest, messageId: string): Promise<LarkMessage> {
  const { msg_type: msgType, content } = await readBody(request, v.object(MESSAGE));
  await measure(request, msgType);
  const message = ownMessage(state, messageId, 230071);
  if (!EDITABLE.includes(message.msgType)) throw refuse(230054);
  if (!EDITABLE.includes(msgType)) throw refuse(230001, { msg: `a message cannot become ${msgType}` });
  if (message.editCount >= LIMITS.editCount) throw refuse(230072);
  const { editWindowMs } = state.behaviour();
  if (editWindowMs > 0 && state.now() - message.createdAt >= editWindowMs) throw refuse(230075);
  const { text, payload } = readContent(state, msgType, content);
  const edited = state.messages.edit(messageId, { content: JSON.stringify(payload), msgType });
  noteEdit(state, messageId, { kind: "put", text });
  return edited ?? message;
}

function alreadySent(state: RestState, uuid: string | undefined): LarkMessage | undefined {
  return state.messages.find(state.uuids.find(uuid) ?? "");
}

/** Size of a request's body. @throws LarkRefusal 230025 when it is too large for its kind. */
async function measure(request: HonoRequest, msgType: string): Promise<number> {
  const bytes = (await request.arrayBuffer()).byteLength;
  const limit = msgType === "interactive" || msgType === "post" ? LIMITS.cardBodyBytes : LIMITS.textBodyBytes;
  if (bytes > limit) throw refuse(230025);
  return bytes;
}
