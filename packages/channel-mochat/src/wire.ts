import * as v from "valibot";
import { toEpochMs } from "./instant.ts";
import { LIMITS } from "./limits.ts";

/** One element of a receive answer. */
export interface MochatMessage {
  /** Absent where the bridge gives none, an empty one, or one beyond 256 characters. */
  readonly id?: string | undefined;
  /** `"unknown"` where the bridge names nobody. */
  readonly sender: string;
  /** Trimmed; empty where there is no readable text. */
  readonly text: string;
  readonly msgType?: string | undefined;
  /** Epoch ms. */
  readonly sentAt?: number | undefined;
}

/** What any answer of the bridge says of itself. */
export interface MochatAnswer {
  /** A number or a string on the wire. */
  readonly code?: string | undefined;
  /** What `msg` says, or `message` where it is absent or empty. */
  readonly problem?: string | undefined;
}

/** A receive answer. */
export interface MochatPage extends MochatAnswer {
  /** As received: oldest or newest first. */
  readonly messages: readonly MochatMessage[];
  /** Elements that are no objects. */
  readonly skippedCount: number;
  /** The bridge says that more waits. */
  readonly hasMore: boolean;
}

/** A send answer. */
export interface MochatSent extends MochatAnswer {
  /** The id of what was posted, where the bridge tells. */
  readonly messageId?: string | undefined;
}

/** What cannot be read, and why. */
export interface Malformed {
  readonly malformed: string;
}

/** The body of a send call. */
export interface MochatText {
  readonly toUserId: string;
  readonly msgType: "text";
  readonly content: { readonly text: string };
}

/** Whether an answer's code means success. */
export function isSuccess(code: string | undefined): boolean {
  return code === "0" || code === "200";
}

/** Reads a receive answer in any of its shapes; an empty body is an empty page. */
export function decodePage(body: string): MochatPage | Malformed {
  if (body.trim() === "") return { messages: [], skippedCount: 0, hasMore: false };
  const json = parseJson(body);
  const answer = v.safeParse(pageSchema, Array.isArray(json) ? { messages: json } : json);
  if (!answer.success) return { malformed: json === undefined ? "not JSON" : "neither an object nor an array" };
  const { code, msg, message, data, messages, has_more, hasMore } = answer.output;
  const inner: PageData = Array.isArray(data) ? { messages: data } : (data ?? {});
  const elements = (inner.messages ?? inner.list ?? messages ?? []).map(toMessage);
  const readable = elements.filter((element) => element !== undefined);
  return {
    code,
    problem: firstFilled(msg, message),
    messages: readable,
    skippedCount: elements.length - readable.length,
    hasMore: [has_more, hasMore, inner.has_more, inner.hasMore].includes(true),
  };
}

/** What may stand in `data` of a receive answer; an array there is taken for `messages`. */
interface PageData {
  readonly messages?: readonly unknown[] | undefined;
  readonly list?: readonly unknown[] | undefined;
  readonly has_more?: boolean | undefined;
  readonly hasMore?: boolean | undefined;
}

/** Reads a send answer. */
export function decodeSent(body: string): MochatSent | Malformed {
  const json = parseJson(body);
  const answer = v.safeParse(sentSchema, json);
  if (!answer.success) return { malformed: json === undefined ? "not JSON" : "no JSON object" };
  const { code, msg, message, data } = answer.output;
  return { code, problem: firstFilled(msg, message), messageId: firstId(data?.messageId, data?.id) };
}

const ID_KEYS: ReadonlySet<string> = new Set(["messageId", "id", "fromUserId", "sender"]);

/** Undefined for what is no JSON, or nested too deep to be walked. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body, keepDigits);
  } catch {
    return undefined;
  }
}

/** Numeric ids become strings, digit by digit as written: as numbers those beyond 2^53 would be rounded. */
function keepDigits(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" && ID_KEYS.has(key) ? (context?.source ?? String(value)) : value;
}

/** A field that may be absent; one odd value must not cost the rest. */
function lenient<T>(schema: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, T | undefined> {
  return v.optional(v.fallback(v.union([schema, v.undefined()]), undefined));
}

function record<const E extends v.ObjectEntries>(entries: E): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<E, undefined>>> {
  return v.pipe(v.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value)), v.object(entries));
}

const string = lenient(v.string());
const boolean = lenient(v.boolean());
const list = lenient(v.array(v.unknown()));
const code = lenient(v.pipe(v.union([v.string(), v.number()]), v.transform((value) => String(value).trim())));
const instant = lenient(v.pipe(v.union([v.string(), v.number()]), v.transform(toEpochMs)));
const answerFields = { code, msg: string, message: string };
const hintFields = { has_more: boolean, hasMore: boolean };

const pageSchema = record({
  ...answerFields,
  ...hintFields,
  messages: list,
  data: lenient(v.union([v.array(v.unknown()), record({ ...hintFields, messages: list, list })])),
});
const sentSchema = record({ ...answerFields, data: lenient(record({ messageId: string, id: string })) });
const elementSchema = record({
  messageId: string,
  id: string,
  fromUserId: string,
  sender: string,
  content: lenient(v.union([v.string(), record({ text: string })])),
  msgType: string,
  timestamp: instant,
  createTime: instant,
  sendTime: instant,
  time: instant,
});

function toMessage(element: unknown): MochatMessage | undefined {
  const parsed = v.safeParse(elementSchema, element);
  if (!parsed.success) return undefined;
  const { messageId, id, fromUserId, sender, content, msgType, timestamp, createTime, sendTime, time } = parsed.output;
  const text = typeof content === "string" ? content : content?.text;
  return {
    id: firstId(messageId, id),
    sender: firstFilled(fromUserId, sender) ?? "unknown",
    text: text?.trim() ?? "",
    msgType,
    sentAt: timestamp ?? createTime ?? sendTime ?? time,
  };
}

function firstFilled(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== "");
}

function firstId(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== "" && value.length <= LIMITS.idChars);
}
