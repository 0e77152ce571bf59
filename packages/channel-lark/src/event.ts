import { dropAbsent, type Json } from "@revka/core";
import * as v from "valibot";
import * as lenient from "./lenient.ts";
import { localeIn, type Locale } from "./locale.ts";
import { readMentions, type Mention } from "./mentions.ts";

/** The ids of one person. */
export interface PersonIds {
  /** Per app. */
  readonly openId: string | undefined;
  /** Per developer. */
  readonly unionId: string | undefined;
}

/** What a message says, wherever it was found. */
export interface Said {
  readonly messageId: string;
  /** The platform's kind of message, e.g. `"post"`. */
  readonly type: string;
  /** Empty where it could not be read. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly mentions: readonly Mention[];
}

/** The event `im.message.receive_v1`, every field as far as it was fit to read. */
export interface MessageEvent extends Said {
  readonly sender: PersonIds;
  /** `"user"` for people; apps have been seen too. */
  readonly senderType: string;
  readonly chatId: string;
  readonly isDirect: boolean;
  /** The message that it answers. */
  readonly parentId: string | undefined;
  /** Only in topics. */
  readonly threadId: string | undefined;
  /** Epoch ms. */
  readonly createTime: number | undefined;
  /** What the sender's client tells of its language. */
  readonly locale: Locale | undefined;
}

/** The event `card.action.trigger`: somebody used an element of a card. */
export interface CardAction {
  readonly operator: PersonIds;
  /** A credential that is given out once for each click; not for logs. */
  readonly token: string;
  /** The element's name, or else its kind. */
  readonly action: string;
  /** What the card's author put into the element; where the user gave something as well, an object of both. */
  readonly value: Json | undefined;
  readonly messageId: string | undefined;
  readonly chatId: string | undefined;
}

const requiredKey = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(256));

const personSchema = v.object({ open_id: lenient.key, union_id: lenient.key });

const eventSchema = v.object({
  sender: v.object({ sender_id: lenient.record, sender_type: v.fallback(v.string(), "user") }),
  message: v.object({
    message_id: requiredKey,
    chat_id: requiredKey,
    chat_type: lenient.text,
    message_type: v.fallback(v.string(), ""),
    content: lenient.record,
    mentions: v.optional(v.unknown()),
    parent_id: lenient.key,
    thread_id: lenient.key,
    create_time: lenient.number,
  }),
});

/** Reads the event of a message; undefined when it does not name a message, its chat and, for a person, the sender. */
export function readMessageEvent(event: unknown): MessageEvent | undefined {
  const read = v.safeParse(eventSchema, event);
  if (!read.success) return undefined;
  const { sender, message } = read.output;
  const person = readPerson(sender.sender_id);
  // Nobody's message would get in by "*".
  if (sender.sender_type === "user" && !isSomebody(person)) return undefined;
  return {
    messageId: message.message_id,
    type: message.message_type,
    content: message.content,
    mentions: readMentions(message.mentions),
    sender: person,
    senderType: sender.sender_type,
    chatId: message.chat_id,
    isDirect: message.chat_type === "p2p",
    parentId: message.parent_id,
    threadId: message.thread_id,
    createTime: message.create_time,
    locale: localeIn(event),
  };
}

const actionSchema = v.object({
  operator: lenient.record,
  token: requiredKey,
  action: lenient.record,
  context: lenient.record,
});

/** Reads the event of a card's use; undefined when it does not say who used it. */
export function readCardAction(event: unknown): CardAction | undefined {
  const read = v.safeParse(actionSchema, event);
  if (!read.success) return undefined;
  const { token, action, context } = read.output;
  const operator = readPerson(read.output.operator);
  if (!isSomebody(operator)) return undefined;
  const { tag = "card", name = tag } = v.parse(elementSchema, action);
  const { open_message_id: messageId, open_chat_id: chatId } = v.parse(placeSchema, context);
  return { operator, token, action: name, value: valueOf(action), messageId, chatId };
}

const elementSchema = v.object({ tag: lenient.id, name: lenient.id });
const placeSchema = v.object({ open_message_id: lenient.key, open_chat_id: lenient.key });

function readPerson(ids: unknown): PersonIds {
  const { open_id: openId, union_id: unionId } = v.parse(personSchema, ids);
  return { openId, unionId };
}

function isSomebody({ openId, unionId }: PersonIds): boolean {
  return (openId ?? unionId) !== undefined;
}

function valueOf({ tag, value, form_value, input_value, option, options, checked }: Readonly<Record<string, unknown>>): Json | undefined {
  const given = dropAbsent({
    form_value: unlessEmpty(form_value),
    input_value: unlessEmpty(input_value),
    option: unlessEmpty(option),
    options: unlessEmpty(options),
    checked: tag === "checker" ? checked : undefined,
  });
  if (Object.keys(given).length === 0) return toJson(value);
  return toJson({ ...given, value: unlessEmpty(value) });
}

/** The platform sends every field, filled or not. */
function unlessEmpty(value: unknown): unknown {
  if (value === null || value === "") return undefined;
  return typeof value === "object" && Object.keys(value).length === 0 ? undefined : value;
}

function toJson(value: unknown): Json | undefined {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json);
}
