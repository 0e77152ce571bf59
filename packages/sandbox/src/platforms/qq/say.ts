import { randomBytes } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { type QqContent, renderContent } from "./content.ts";
import { DOWNLOAD_PATH } from "./file-routes.ts";
import { LIMITS } from "./limits.ts";
import type { QqPlace } from "./place.ts";
import type { QqState } from "./state.ts";
import { timestampOf } from "./timestamp.ts";

/** How a user says something. */
export interface QqSaying {
  /** Openid of the group that it is said in; in private unless given. */
  readonly group?: string;
  /** Whether the bot is mentioned in the group; default true. */
  readonly mention?: boolean;
  /** Whether the bot gets everything in the group, as `GROUP_MESSAGE_CREATE`; default false: only what mentions it. */
  readonly hearsAll?: boolean;
  /** Whether another bot says it; default false. */
  readonly bot?: boolean;
  /** Its message id; default a fresh one. */
  readonly id?: string;
  /** Fields that are added to the message or replace its own; `undefined` takes one away. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** How a message comes again. */
export interface QqRedelivery {
  /** Its message id; default the one that it had. */
  readonly id?: string;
}

/** What a user says, and how. */
export interface Said extends QqSaying {
  readonly user: string;
  readonly content: QqContent;
}

/**
 * Says something as a user.
 *
 * @returns the message's id, also when the bot does not get to hear it.
 * @throws RangeError when it quotes a message that nobody knows.
 */
export function sayAs(state: QqState, url: string, { user, content, group, ...saying }: Said): string {
  const { id = `ROBOT1.0_${randomBytes(24).toString("base64url")}!`, mention = true, hearsAll = false, bot = false, overrides = {} } = saying;
  const place: QqPlace = group === undefined ? { user } : { user: "", group };
  const { fields, quotes } = renderContent(content, contextOf(state, url));
  const refIdx = state.newRefIdx();
  const ext = [`msg_idx=${refIdx}`, ...(quotes === undefined ? [] : [`ref_msg_idx=${quotes}`])];
  const said = { id, timestamp: timestampOf(state.now()), ...fields, message_scene: { source: "default", ext } };
  state.contacts.meet(place);
  state.references.note(id, place);
  state.remember(id, { ...withoutQuote(content), refIdx });
  const event = group === undefined
    ? { t: "C2C_MESSAGE_CREATE", d: { ...said, author: privateAuthor(user, bot), ...overrides } }
    : groupEvent(state, { ...said, group_openid: group, group_id: group, author: groupAuthor(user, bot) }, { mention, hearsAll, overrides });
  setBounded(state.said, [id, { ...event, place }], LIMITS.keptCount);
  if (group === undefined || mention || hearsAll) state.publish(event, place);
  return id;
}

/**
 * Brings a message to the bot once more.
 *
 * @returns its message id then.
 * @throws RangeError when no such message is remembered.
 */
export function sayAgain(state: QqState, messageId: string, { id = messageId }: QqRedelivery): string {
  const known = state.said.get(messageId);
  if (known === undefined) throw new RangeError(`no message has the id ${messageId}`);
  const { t, d, place } = known;
  state.references.note(id, place);
  state.publish({ t, d: { ...d, ...(id === messageId ? {} : { id }) } }, place);
  return id;
}

/** What is left of a message that another one quotes. */
function withoutQuote({ quote: _quote, ...content }: QqContent): QqContent {
  return content;
}

function contextOf(state: QqState, url: string): Parameters<typeof renderContent>[1] {
  return {
    store: (bytes, contentType) => state.media.store(bytes, contentType),
    linkTo: ({ fileId, key }) => `${url}${DOWNLOAD_PATH}?appid=1407&fileid=${fileId}&rkey=${key}`,
    find: (messageId) => state.quotable.get(messageId),
    newRefIdx: () => state.newRefIdx(),
  };
}

function privateAuthor(user: string, bot: boolean): object {
  return { id: user, user_openid: user, union_openid: `union-${user}`, ...(bot ? { bot } : {}) };
}

function groupAuthor(user: string, bot: boolean): object {
  return { id: user, member_openid: user, username: user, member_role: "member", bot };
}

interface GroupMessage {
  readonly content: string;
  readonly [field: string]: unknown;
}

/** A mention of the bot is taken out of the text and leaves its space, except where the bot gets everything. */
function groupEvent({ credentials }: QqState, message: GroupMessage, { mention, hearsAll, overrides }: Required<Pick<QqSaying, "mention" | "hearsAll" | "overrides">>): { t: string; d: Readonly<Record<string, unknown>> } {
  const { botId } = credentials;
  if (!hearsAll) return { t: "GROUP_AT_MESSAGE_CREATE", d: { ...message, content: ` ${message.content}`, mentions: [], ...overrides } };
  const mentions = mention ? [{ scope: "single", id: botId, member_openid: botId, nickname: "revka", username: "revka", bot: true, is_you: true }] : [];
  const content = mention ? `<@${botId}> ${message.content}` : message.content;
  return { t: "GROUP_MESSAGE_CREATE", d: { ...message, content, mentions, ...overrides } };
}
