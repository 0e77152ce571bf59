import { randomBytes } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { LIMITS } from "./limits.ts";

/** Who wrote a message. */
export interface LarkSender {
  readonly id: string;
  readonly idType: "open_id" | "app_id";
  readonly senderType: "user" | "app" | "anonymous" | "unknown";
}

/** Somebody whom a message names. */
export interface LarkMention {
  /** As it stands in the text, e.g. `@_user_1`. */
  readonly key: string;
  readonly openId: string;
  readonly name: string;
}

/** A message as the platform keeps it. */
export interface LarkMessage {
  /** `om_…` */
  readonly messageId: string;
  readonly chatId: string;
  readonly msgType: string;
  /** JSON text. */
  readonly content: string;
  readonly sender: LarkSender;
  /** First message of the tree of replies, and the message that is answered; only on replies. */
  readonly rootId?: string;
  readonly parentId?: string;
  /** `omt_…`; only in threads. */
  readonly threadId?: string;
  /** The forward that this message is part of. */
  readonly upperMessageId?: string;
  readonly mentions: readonly LarkMention[];
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly isRecalled: boolean;
  readonly editCount: number;
}

/** Where a reply stands. */
export interface ReplyPlace {
  readonly rootId: string;
  readonly parentId: string;
  readonly threadId?: string;
}

/** A message before it is one. */
export type NewMessage = Pick<LarkMessage, "chatId" | "msgType" | "content" | "sender"> &
  Partial<Pick<LarkMessage, "messageId" | "rootId" | "parentId" | "threadId" | "upperMessageId" | "mentions">>;

/** Every message of every chat. */
export interface Messages {
  add(message: NewMessage): LarkMessage;
  find(messageId: string): LarkMessage | undefined;
  /** Gives a message another content, perhaps of another kind. */
  edit(messageId: string, change: Pick<LarkMessage, "content"> & Partial<Pick<LarkMessage, "msgType">>): LarkMessage | undefined;
  recall(messageId: string): void;
  /**
   * Where a reply to a message stands. `inThread` begins a thread at its root unless it is in one already.
   *
   * @throws RangeError when no such message is remembered.
   */
  placeReply(messageId: string, inThread: boolean): ReplyPlace;
  /** What a forward holds, and what the forwards in it hold, in order. */
  childrenOf(messageId: string): readonly LarkMessage[];
  clear(): void;
}

/** Creates {@link Messages} without any. */
export function createMessages(now: () => number): Messages {
  const messages = new Map<string, LarkMessage>();
  const change = (messageId: string, fields: Partial<LarkMessage>): LarkMessage | undefined => {
    const message = messages.get(messageId);
    if (message === undefined) return undefined;
    const changed = { ...message, ...fields };
    messages.set(messageId, changed);
    return changed;
  };
  const childrenOf = (messageId: string): readonly LarkMessage[] =>
    [...messages.values()]
      .filter(({ upperMessageId }) => upperMessageId === messageId)
      .flatMap((child) => [child, ...childrenOf(child.messageId)]);
  return {
    add: (fields) => {
      const at = now();
      const message = { messageId: newMessageId(), mentions: [], createdAt: at, updatedAt: at, isRecalled: false, editCount: 0, ...fields };
      setBounded(messages, [message.messageId, message], LIMITS.keptCount);
      return message;
    },
    find: (messageId) => messages.get(messageId),
    edit: (messageId, fields) => change(messageId, { ...fields, updatedAt: now(), editCount: (messages.get(messageId)?.editCount ?? 0) + 1 }),
    recall: (messageId) => void change(messageId, { isRecalled: true, updatedAt: now() }),
    placeReply: (messageId, inThread) => {
      const parent = messages.get(messageId);
      if (parent === undefined) throw new RangeError(`no message has the id ${messageId}`);
      const rootId = parent.rootId ?? parent.messageId;
      const threadId = parent.threadId ?? (inThread ? (messages.get(rootId)?.threadId ?? newThreadId()) : undefined);
      if (threadId === undefined) return { rootId, parentId: messageId };
      if (inThread) for (const id of [rootId, messageId]) change(id, { threadId });
      return { rootId, parentId: messageId, threadId };
    },
    childrenOf,
    clear: () => messages.clear(),
  };
}

/** A new `om_…`. */
export function newMessageId(): string {
  return `om_${randomBytes(16).toString("hex")}`;
}

/** A new `omt_…`. */
export function newThreadId(): string {
  return `omt_${randomBytes(8).toString("hex")}`;
}
