import * as v from "valibot";
import type { LarkApi, LarkCall } from "./api.ts";
import type { Said } from "./event.ts";
import * as lenient from "./lenient.ts";
import { readMentions } from "./mentions.ts";
import type { LarkContent } from "./outbound.ts";

/** What every message that is posted says besides its contents. */
export interface PostOptions {
  /** Repeated posts with the same one give one message. */
  readonly uuid: string;
  readonly signal?: AbortSignal | undefined;
}

/** A message that was fetched. */
export interface FetchedMessage extends Said {
  readonly senderId: string | undefined;
  readonly isDeleted: boolean;
}

/** The calls about messages, one function each. */
export interface Messages {
  /** Posts to a chat, or to a person by any of their ids; gives the platform's ids of it. */
  send(recipient: string, content: LarkContent, options: PostOptions): Promise<readonly string[]>;
  /** Posts as an answer; in its thread if that is wished for. */
  reply(messageId: string, content: LarkContent, options: PostOptions & { readonly inThread: boolean }): Promise<readonly string[]>;
  /** A message; of a forwarded chat also the messages in it. */
  get(messageId: string, signal?: AbortSignal): Promise<readonly FetchedMessage[]>;
  /** Takes back one of our own. */
  recall(messageId: string, signal?: AbortSignal): Promise<void>;
}

const postedSchema = v.fallback(v.object({ message_id: lenient.id }), { message_id: undefined });
const itemsSchema = v.fallback(v.object({ items: lenient.records }), { items: [] });
const itemSchema = v.object({
  message_id: v.fallback(v.string(), ""),
  msg_type: v.fallback(v.string(), ""),
  body: v.fallback(v.object({ content: lenient.record }), { content: {} }),
  mentions: v.optional(v.unknown()),
  sender: v.fallback(v.object({ id: lenient.id }), { id: undefined }),
  deleted: v.fallback(v.boolean(), false),
});

/** The message calls of one app. */
export function createMessages(api: LarkApi): Messages {
  async function post(path: string, call: LarkCall): Promise<readonly string[]> {
    const { message_id: id } = v.parse(postedSchema, await api.call("POST", path, call));
    return id === undefined ? [] : [id];
  }

  return {
    send(recipient, { msgType, content }, { uuid, signal }) {
      const query = { receive_id_type: receiveIdType(recipient) };
      return post("im/v1/messages", { query, json: { receive_id: recipient, msg_type: msgType, content, uuid }, signal });
    },
    reply(messageId, { msgType, content }, { uuid, inThread, signal }) {
      const json = { msg_type: msgType, content, uuid, ...(inThread && { reply_in_thread: true }) };
      return post(`${pathOf(messageId)}/reply`, { json, signal });
    },
    async get(messageId, signal) {
      const { items } = v.parse(itemsSchema, await api.call("GET", pathOf(messageId), { signal }));
      return items.map((item) => toFetched(v.parse(itemSchema, item)));
    },
    async recall(messageId, signal) {
      await api.call("DELETE", pathOf(messageId), { signal });
    },
  };
}

/** The path of the calls about one message. */
export function pathOf(messageId: string): string {
  return `im/v1/messages/${encodeURIComponent(messageId)}`;
}

/** An operator gives a bare id; its beginning tells what it is of. */
export function receiveIdType(recipient: string): string {
  if (recipient.startsWith("oc_")) return "chat_id";
  if (recipient.startsWith("ou_")) return "open_id";
  if (recipient.startsWith("on_")) return "union_id";
  return recipient.includes("@") ? "email" : "user_id";
}

function toFetched(item: v.InferOutput<typeof itemSchema>): FetchedMessage {
  const { message_id: messageId, msg_type: type, body, mentions, sender, deleted: isDeleted } = item;
  return { messageId, type, content: body.content, mentions: readMentions(mentions), senderId: sender.id, isDeleted };
}
