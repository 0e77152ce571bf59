import * as v from "valibot";
import { checkCard } from "./card.ts";
import { cardText, isObject, type JsonObject } from "./card-nodes.ts";
import { POST, keysOfPost, postText } from "./post.ts";
import { type LarkRefusal, refuse } from "./refusal.ts";
import type { LarkResource } from "./resources.ts";
import type { RestState } from "./rest-state.ts";

/** What the content of a message comes down to. */
export interface ReadContent {
  /** As it was sent. */
  readonly payload: JsonObject;
  /** Empty where the kind has none. */
  readonly text: string;
  /** The file or image that the message consists of. */
  readonly media?: LarkResource;
  /** The card entity that it shows. */
  readonly cardId?: string;
}

type Reader = (payload: JsonObject, state: RestState) => ReadContent;

const filled = v.pipe(v.string(), v.nonEmpty());
const TEXT = v.strictObject({ text: filled });
const IMAGE = v.strictObject({ image_key: filled });
const FILE = v.strictObject({ file_key: filled });
const VIDEO = v.strictObject({ file_key: filled, image_key: v.exactOptional(filled) });
const SHARED_CHAT = v.strictObject({ chat_id: v.pipe(v.string(), v.startsWith("oc_")) });
const SHARED_USER = v.strictObject({ user_id: v.pipe(v.string(), v.startsWith("ou_")) });
const ENTITY = v.strictObject({ type: v.literal("card"), data: v.strictObject({ card_id: filled }) });
const TEMPLATE = v.strictObject({ type: v.literal("template"), data: v.looseObject({ template_id: filled }) });
/** The kind of message that each type of upload is for; every other one is for a `file`. */
const KINDS: Readonly<Record<string, string>> = { message: "image", avatar: "avatar", opus: "audio", mp4: "media" };

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["text", (payload) => ({ payload, text: read(TEXT, payload).text })],
  ["post", readPost],
  ["interactive", readCard],
  ["image", (payload, state) => ({ payload, text: "", media: uploadOf(state, "image", read(IMAGE, payload).image_key) })],
  ["file", readFile("file")],
  ["audio", readFile("audio")],
  ["media", readVideo],
  ["sticker", readSticker],
  ["share_chat", (payload) => ({ payload, text: read(SHARED_CHAT, payload).chat_id })],
  ["share_user", (payload) => ({ payload, text: read(SHARED_USER, payload).user_id })],
]);

/**
 * Reads the content of a message that the app sends.
 *
 * @param content - JSON text.
 * @throws LarkRefusal 230001, 230055 (a file of another kind) or 230099 (a card).
 */
export function readContent(state: RestState, msgType: string, content: string): ReadContent {
  const reader = READERS.get(msgType);
  if (reader === undefined) throw refuse(230001, { msg: `invalid msg_type: ${msgType}` });
  const payload = parseObject(content);
  if (payload === undefined) throw refuse(230001, { msg: "content is not a string that holds a JSON object" });
  return reader(payload, state);
}

/** The object in a JSON text. */
export function parseObject(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readPost(payload: JsonObject, state: RestState): ReadContent {
  const post = read(POST, payload);
  const { images, videos } = keysOfPost(post);
  for (const key of images) uploadOf(state, "image", key);
  for (const key of videos) uploadOf(state, "media", key);
  return { payload, text: postText(post) };
}

function readCard(payload: JsonObject, state: RestState): ReadContent {
  if (payload["type"] === "card") {
    const cardId = read(ENTITY, payload).data.card_id;
    const card = state.cards.find(cardId);
    return { payload, text: card === undefined ? "" : cardText(card.card), cardId };
  }
  if (payload["type"] === "template") return { payload, text: read(TEMPLATE, payload).data.template_id };
  const isOld = payload["schema"] === undefined && Array.isArray(payload["elements"]);
  const problem = isOld ? undefined : checkCard(payload, state.cardRules());
  if (problem !== undefined) throw refuseCard(problem.errCode, problem.errMsg, problem.errorValue);
  return { payload, text: cardText(payload) };
}

/** The refusal of a card by the message API: what the card API says, in words. */
export function refuseCard(errCode: number, errMsg: string, errorValue: string): LarkRefusal {
  return refuse(230099, { msg: `Failed to create card content, ext=ErrCode: ${errCode}; ErrMsg: ${errMsg}; ErrorValue: ${errorValue}; ` });
}

function readFile(kind: "file" | "audio"): Reader {
  return (payload, state) => ({ payload, text: "", media: uploadOf(state, kind, read(FILE, payload).file_key) });
}

function readVideo(payload: JsonObject, state: RestState): ReadContent {
  const { file_key: key, image_key: cover } = read(VIDEO, payload);
  if (cover !== undefined) uploadOf(state, "image", cover);
  return { payload, text: "", media: uploadOf(state, "media", key) };
}

function readSticker(payload: JsonObject, state: RestState): ReadContent {
  const { file_key: key } = read(FILE, payload);
  const media = state.resources.find(key);
  if (media === undefined) throw refuse(230001, { msg: `invalid file_key: ${key}` });
  return { payload, text: "", media };
}

function uploadOf(state: RestState, kind: string, key: string): LarkResource {
  const upload = state.resources.find(key);
  if (upload?.isOwn !== true) throw refuse(230001, { msg: `${key} is no upload of this app` });
  if ((KINDS[upload.uploadType] ?? "file") !== kind) throw refuse(230055);
  return upload;
}

function read<T>(schema: v.GenericSchema<unknown, T>, payload: JsonObject): T {
  const result = v.safeParse(schema, payload);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw refuse(230001, { msg: `invalid content: ${v.getDotPath(issue) ?? ""} ${issue.message}` });
}
