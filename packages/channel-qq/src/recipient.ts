import type { ReplyTarget } from "@revka/core";

/** Whom a message goes to: one person, or a group. */
export interface Recipient {
  readonly scene: "user" | "group";
  readonly openid: string;
}

/** Ids are letters and digits; what could lead a call elsewhere is no id. */
const FORBIDDEN = /[/\\?#%:\s\p{Cc}]|\.\./u;
const MOST_CHARS = 256;

/**
 * Reads `user:<openid>`, `group:<group_openid>`, or a bare openid, which is a person's unless the target says that it is
 * a group's.
 *
 * @throws TypeError when it is none of these.
 */
export function recipientOf({ conversationId, kind }: Pick<ReplyTarget, "conversationId" | "kind">): Recipient {
  const prefix = /^(user|group):/.exec(conversationId)?.[1];
  const openid = prefix === undefined ? conversationId : conversationId.slice(prefix.length + 1);
  if (openid === "" || openid.length > MOST_CHARS || FORBIDDEN.test(openid)) {
    throw new TypeError("a QQ recipient is user:<openid>, group:<group_openid> or a bare openid");
  }
  return { scene: (prefix ?? (kind === "group" ? "group" : "user")) === "group" ? "group" : "user", openid };
}

/** The id of the conversation with a recipient, which names the kind as well. */
export function conversationIdOf({ scene, openid }: Recipient): string {
  return `${scene}:${openid}`;
}
