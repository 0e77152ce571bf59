import * as v from "valibot";
import * as lenient from "./lenient.ts";
import { LIMITS } from "./limits.ts";

/** A file of a message, at the platform. */
export interface QqAttachment {
  readonly url: string | undefined;
  /** Of voice: the same as WAV. */
  readonly wavUrl: string | undefined;
  readonly name: string | undefined;
  /** A media type, or one of the platform's own words: `voice`, `file`. */
  readonly contentType: string;
  readonly sizeBytes: number | undefined;
  /** Of voice: what was said, by the platform's speech recognition. */
  readonly transcript: string | undefined;
}

/** What a message, a quote or a forwarded message contains. */
export interface QqContent {
  /** 0 text, 3 card, 101 parallel, 102 forwarded chat, 103 an answer to another message. */
  readonly messageType: number;
  readonly text: string;
  readonly attachments: readonly QqAttachment[];
  /** Of a card: its words. */
  readonly prompt: string | undefined;
  /** By which it can be quoted. */
  readonly quoteId: string | undefined;
  readonly authorName: string | undefined;
  /** What it quotes or forwards. */
  readonly elements: readonly QqContent[];
}

/** Somebody whom a text mentions. */
export interface QqMention {
  readonly ids: readonly string[];
  readonly name: string | undefined;
  readonly isBot: boolean;
}

/** A message to the bot, or in a group that sends all its messages. */
export interface QqMessage extends QqContent {
  readonly id: string;
  /** The group's; absent in private. */
  readonly groupId: string | undefined;
  /** Every id of who wrote it, the one for the allowlist first; empty where the platform names nobody. */
  readonly senderIds: readonly string[];
  readonly isByBot: boolean;
  /** The event itself says that the bot is addressed. */
  readonly isAddressed: boolean;
  readonly mentions: readonly QqMention[];
  /** Epoch ms. */
  readonly sentAt: number | undefined;
  /** What it answers. */
  readonly quotedId: string | undefined;
}

const attachmentSchema = v.object({
  url: lenient.address, voice_wav_url: lenient.address, filename: lenient.text, content_type: lenient.text, size: lenient.number, asr_refer_text: lenient.text,
});
const authorSchema = v.pipe(
  lenient.record,
  v.object({ id: lenient.id, user_openid: lenient.id, member_openid: lenient.id, union_openid: lenient.id, username: lenient.text, nickname: lenient.text, bot: lenient.flag }),
);
const contentSchema = v.object({
  content: lenient.text,
  message_type: lenient.number,
  attachments: lenient.records,
  msg_idx: lenient.id,
  msg_elements: lenient.records,
  ark_data: v.pipe(lenient.record, v.object({ prompt: lenient.text })),
  author: authorSchema,
});
const mentionSchema = v.object({ id: lenient.id, user_openid: lenient.id, member_openid: lenient.id, nickname: lenient.text, username: lenient.text, bot: lenient.flag, is_you: lenient.flag });
const messageSchema = v.object({
  id: lenient.id,
  group_openid: lenient.id,
  group_id: lenient.id,
  timestamp: lenient.text,
  mentions: lenient.records,
  author: authorSchema,
  message_scene: lenient.record,
});
const sceneSchema = v.object({ ext: lenient.texts });

/** The messages that we take, by the type of their event. */
export const MESSAGE_TYPES: ReadonlyMap<string, { readonly isGroup: boolean; readonly isAddressed: boolean }> = new Map([
  ["C2C_MESSAGE_CREATE", { isGroup: false, isAddressed: true }],
  ["GROUP_AT_MESSAGE_CREATE", { isGroup: true, isAddressed: true }],
  ["GROUP_MESSAGE_CREATE", { isGroup: true, isAddressed: false }],
]);

/** Reads the message of such an event; undefined when it has no id, or is of a group that it does not name. */
export function decodeMessage(type: string, data: unknown): QqMessage | undefined {
  const rules = MESSAGE_TYPES.get(type);
  const body = lenient.read(lenient.record, data);
  const { id, group_openid, group_id, timestamp, mentions, author, message_scene } = lenient.read(messageSchema, body);
  const groupId = group_openid ?? group_id;
  if (rules === undefined || id === undefined || (rules.isGroup && groupId === undefined)) return undefined;
  const ids = rules.isGroup ? [author.member_openid, author.user_openid] : [author.user_openid, author.member_openid];
  const { ext } = lenient.read(sceneSchema, message_scene);
  const named = mentions.map((mention) => lenient.read(mentionSchema, mention));
  return {
    ...contentOf(body, 0),
    id,
    groupId: rules.isGroup ? groupId : undefined,
    senderIds: distinct([...ids, author.id, author.union_openid]),
    isByBot: author.bot === true,
    isAddressed: rules.isAddressed || named.some(({ is_you }) => is_you === true),
    mentions: named.map((mention) => ({
      ids: distinct([mention.id, mention.user_openid, mention.member_openid]),
      name: mention.nickname ?? mention.username,
      isBot: mention.is_you === true,
    })),
    sentAt: instantOf(timestamp),
    quoteId: extensionOf(ext, "msg_idx"),
    quotedId: extensionOf(ext, "ref_msg_idx"),
  };
}

function contentOf(body: Readonly<Record<string, unknown>>, depth: number): QqContent {
  const { content = "", message_type = 0, attachments, msg_idx, msg_elements, ark_data, author } = lenient.read(contentSchema, body);
  const inner = depth < LIMITS.elementDepth ? msg_elements.slice(0, LIMITS.elementCount) : [];
  return {
    messageType: message_type,
    text: content,
    attachments: attachments.map(attachmentOf),
    prompt: ark_data.prompt,
    quoteId: msg_idx,
    authorName: author.username ?? author.nickname,
    elements: inner.map((element) => contentOf(element, depth + 1)),
  };
}

function attachmentOf(attachment: Readonly<Record<string, unknown>>): QqAttachment {
  const { url, voice_wav_url, filename, content_type = "", size, asr_refer_text } = lenient.read(attachmentSchema, attachment);
  return {
    url: withScheme(url),
    wavUrl: withScheme(voice_wav_url),
    name: filename,
    contentType: content_type.toLowerCase(),
    sizeBytes: size !== undefined && size > 0 ? size : undefined,
    transcript: asr_refer_text === undefined || asr_refer_text.trim() === "" ? undefined : asr_refer_text.trim(),
  };
}

/** Addresses come without a scheme at times. */
function withScheme(address: string | undefined): string | undefined {
  if (address === undefined || /^[a-z][a-z\d+.-]*:\/\//i.test(address)) return address;
  return `https://${address.replace(/^\/+/, "")}`;
}

function extensionOf(extensions: readonly string[], key: string): string | undefined {
  const value = extensions.find((extension) => extension.startsWith(`${key}=`))?.slice(key.length + 1);
  return value === "" ? undefined : value;
}

function instantOf(timestamp: string | undefined): number | undefined {
  const instant = timestamp === undefined ? NaN : Date.parse(timestamp);
  return Number.isNaN(instant) ? undefined : instant;
}

function distinct(ids: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(ids.filter((id) => id !== undefined))];
}
