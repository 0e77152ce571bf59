import * as v from "valibot";

/** What goes to a client: a frame before its delivery. */
export interface DingtalkPush {
  readonly type: "SYSTEM" | "EVENT" | "CALLBACK";
  readonly topic: string;
  /** An object, or the text that stands in its place. */
  readonly data: unknown;
  /** Further headers, such as `eventType`; `undefined` takes away one that every frame has. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** What each delivery of a frame has of its own. */
export interface Delivered {
  readonly messageId: string;
  readonly connectionId: string;
  /** Epoch ms. */
  readonly at: number;
  readonly timeAs: "number" | "string";
  readonly dataAs: "json" | "object";
}

/** A client's answer to a frame. */
export interface Answer {
  readonly messageId: string | undefined;
  readonly code: number | undefined;
  readonly message: string | undefined;
  /** Parsed where it is JSON, else as it came. */
  readonly data: unknown;
  /** What is wrong with its form, in words. */
  readonly problems: readonly string[];
}

/** The robot's topic. */
export const ROBOT_TOPIC = "/v1.0/im/bot/messages/get";

/** What rules about frames, and the record, call a frame. */
export function nameOf({ type, topic }: Pick<DingtalkPush, "type" | "topic">): string {
  return `${type} ${topic}`;
}

/** The JSON text of a frame. */
export function renderFrame({ type, topic, data, headers }: DingtalkPush, { messageId, connectionId, at, timeAs, dataAs }: Delivered): string {
  const isText = typeof data === "string";
  return JSON.stringify({
    specVersion: "1.0",
    type,
    headers: { contentType: "application/json", messageId, connectionId, time: timeAs === "string" ? String(at) : at, topic, ...headers },
    data: isText || dataAs === "object" ? data : JSON.stringify(data),
  });
}

const text = v.fallback(v.optional(v.string()), undefined);
const ANSWER = v.looseObject({
  code: v.fallback(v.optional(v.number()), undefined),
  message: text,
  headers: v.fallback(v.object({ messageId: text, contentType: text }), { messageId: undefined, contentType: undefined }),
  data: v.unknown(),
});
const JSON_TEXT = v.pipe(v.string(), v.parseJson());
const UNREADABLE = { messageId: undefined, code: undefined, message: undefined, data: undefined };

/** Reads an answer as far as it goes, and says what is wrong with it. Every shape of the official clients is right. */
export function readAnswer(frame: string | Uint8Array): Answer {
  if (typeof frame !== "string") return { ...UNREADABLE, problems: ["the frame is binary"] };
  const result = v.safeParse(v.pipe(JSON_TEXT, ANSWER), frame);
  if (!result.success) return { ...UNREADABLE, problems: ["the frame is not a JSON object"] };
  const { code, message, headers, data } = result.output;
  const problems = [
    code === undefined && "code is not a number",
    headers.messageId === undefined && "headers.messageId is missing",
    headers.contentType !== "application/json" && "headers.contentType is not application/json",
    typeof data !== "string" && "data is not a text",
    typeof data === "string" && data !== "" && !v.is(JSON_TEXT, data) && "data is not JSON",
  ].filter((problem) => typeof problem === "string");
  return { messageId: headers.messageId, code, message, data: readData(data), problems };
}

/** The value of a `data` field: parsed where it is JSON, else as it stands. */
export function readData(data: unknown): unknown {
  const result = v.safeParse(JSON_TEXT, data);
  return result.success ? result.output : data;
}
