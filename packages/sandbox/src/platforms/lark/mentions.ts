import type { LarkMention } from "./messages.ts";
import { idsOf, type UserIds } from "./people.ts";

/** Somebody whom a message names. */
export type LarkMentioned = "bot" | "all" | { readonly openId: string; readonly name: string };

/** What mentions turn into. */
export interface Mentions {
  /** As they stand in the text, each followed by a blank. */
  readonly prefix: string;
  /** As nodes of a post. */
  readonly nodes: readonly object[];
  readonly entries: readonly LarkMention[];
}

/** Key of a mention of everybody. */
const ALL = "@_all";

/** Numbers those who are mentioned. `listsAll` says whether the mention of everybody is among the entries. */
export function numberMentions(mentioned: readonly LarkMentioned[], { bot, listsAll }: { readonly bot: { readonly openId: string; readonly name: string }; readonly listsAll: boolean }): Mentions {
  let count = 0;
  const all = mentioned.map((who): LarkMention => {
    if (who === "all") return { key: ALL, openId: "", name: "All" };
    count += 1;
    return { key: `@_user_${count}`, ...(who === "bot" ? bot : who) };
  });
  return {
    prefix: all.map(({ key }) => `${key} `).join(""),
    nodes: all.map(({ key, name }) => ({ tag: "at", user_id: key, user_name: name, style: [] })),
    entries: all.filter(({ key }) => key !== ALL || listsAll),
  };
}

/** Whether a text says itself where the mentions stand. */
export function hasPlaceholder(text: string): boolean {
  return /@_(?:user_\d|all)/.test(text);
}

/** A mention as events have it. */
export function renderMention({ key, openId, name }: LarkMention, { tenantKey, showsUserIds }: { readonly tenantKey: string; readonly showsUserIds: boolean }): object {
  const id = openId === "" ? { union_id: "", user_id: "", open_id: "" } : shownIds(openId, showsUserIds);
  return { key, id, name, tenant_key: tenantKey };
}

/** A user's ids; without its scope an app gets no `user_id`. */
export function shownIds(openId: string, showsUserIds: boolean): UserIds {
  const ids = idsOf(openId);
  return showsUserIds ? ids : { ...ids, user_id: "" };
}
