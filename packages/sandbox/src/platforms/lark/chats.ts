import { createHash } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { LIMITS } from "./limits.ts";
import { openIdOf, type ReceiveIdType } from "./people.ts";
import { refuse } from "./refusal.ts";

/** A conversation. */
export interface LarkChat {
  /** `oc_…` */
  readonly chatId: string;
  readonly kind: "p2p" | "group";
  /** Open id of the bot's partner; absent in groups. */
  readonly user?: string;
  /** Whether the bot can speak here. */
  readonly status: "joined" | "left" | "dissolved";
}

/** The conversations that the platform knows. */
export interface Chats {
  /** The private conversation with a user; there is one for everybody, always under the same id. */
  withUser(openId: string): LarkChat;
  /** Puts the bot into a group, which exists from then on. */
  join(chatId: string): LarkChat;
  /** Takes the bot out of a group. */
  leave(chatId: string): void;
  dissolve(chatId: string): void;
  find(chatId: string): LarkChat | undefined;
  /** Finds where a message may go. @throws LarkRefusal 230034 (no such id), 230002 (the bot is not there), 232009 (dissolved). */
  open(type: ReceiveIdType, id: string): LarkChat;
  /** Refuses what the bot may not do where it is not. @throws LarkRefusal 230002 or 232009. */
  check(chatId: string): LarkChat;
  clear(): void;
}

/** Creates {@link Chats} without groups. */
export function createChats(): Chats {
  const chats = new Map<string, LarkChat>();
  const keep = (chat: LarkChat): LarkChat => {
    setBounded(chats, [chat.chatId, chat], LIMITS.keptCount);
    return chat;
  };
  const setStatus = (chatId: string, status: LarkChat["status"]): void => {
    const chat = chats.get(chatId);
    if (chat !== undefined) keep({ ...chat, status });
  };
  const withUser = (user: string): LarkChat => {
    const chatId = `oc_${createHash("sha256").update(user).digest("hex").slice(0, 32)}`;
    return chats.get(chatId) ?? keep({ chatId, kind: "p2p", user, status: "joined" });
  };
  const check = (chatId: string): LarkChat => {
    const chat = chats.get(chatId);
    if (chat?.status === "dissolved") throw refuse(232009);
    if (chat?.status !== "joined") throw refuse(230002);
    return chat;
  };
  return {
    withUser,
    join: (chatId) => keep({ chatId, kind: "group", ...chats.get(chatId), status: "joined" }),
    leave: (chatId) => setStatus(chatId, "left"),
    dissolve: (chatId) => setStatus(chatId, "dissolved"),
    find: (chatId) => chats.get(chatId),
    open: (type, id) => {
      if (type === "chat_id") {
        if (!id.startsWith("oc_")) throw refuse(230034);
        return check(id);
      }
      const openId = openIdOf(type, id);
      if (openId === undefined) throw refuse(230034);
      return withUser(openId);
    },
    check,
    clear: () => chats.clear(),
  };
}
