/** What identifies the app and its bot. */
export interface LarkApp {
  /** `cli_` and 16 hex digits. */
  readonly appId: string;
  readonly tenantKey: string;
  readonly botOpenId: string;
  readonly botName: string;
}

/** The ids of one user, in the words of the platform. */
export interface UserIds {
  readonly open_id: string;
  readonly union_id: string;
  readonly user_id: string;
}

/** Kinds of id that a message can be addressed to. */
export const RECEIVE_ID_TYPES = ["open_id", "user_id", "union_id", "email", "chat_id"] as const;

/** Kind of id that a message is addressed to. */
export type ReceiveIdType = (typeof RECEIVE_ID_TYPES)[number];

/** All ids of the user with this open id: the same word behind different prefixes. */
export function idsOf(openId: string): UserIds {
  const word = openId.replace(/^ou_/, "");
  return { open_id: openId, union_id: `on_${word}`, user_id: word };
}

const SHAPES: Readonly<Record<Exclude<ReceiveIdType, "chat_id">, RegExp>> = {
  open_id: /^ou_(\w+)$/,
  union_id: /^on_(\w+)$/,
  user_id: /^(?!o[cnu]_)(\w+)$/,
  email: /^([\w.+-]+)@[\w.-]+$/,
};

/** The open id of the user with another id; `undefined` when it has not the shape of its kind. */
export function openIdOf(type: Exclude<ReceiveIdType, "chat_id">, id: string): string | undefined {
  const word = SHAPES[type].exec(id)?.[1];
  return word === undefined ? undefined : `ou_${word}`;
}
