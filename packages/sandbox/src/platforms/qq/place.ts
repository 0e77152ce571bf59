/** Where people and the bot talk: a group, or in private with one user. */
export interface QqPlace {
  /** The user's openid; empty in a group. */
  readonly user: string;
  /** The group's openid. */
  readonly group?: string;
}

/** A private conversation, by the user's openid, or a group. */
export type QqWhere = string | { readonly group: string };

/** The place that a test means. */
export function placeOf(where: QqWhere): QqPlace {
  return typeof where === "string" ? { user: where } : { user: "", group: where.group };
}

/** Tells places apart. */
export function keyOf({ user, group }: QqPlace): string {
  return group === undefined ? `user ${user}` : `group ${group}`;
}

/** Which rules a place goes by. */
export function sceneOf({ group }: QqPlace): "private" | "group" {
  return group === undefined ? "private" : "group";
}
