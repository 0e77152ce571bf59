import { createHash } from "node:crypto";
import { LIMITS } from "./limits.ts";
import { invalidParameter, type Refusal, refuse, tooLong } from "./refusal.ts";
import { checkTemplateCard } from "./template-card.ts";

/** The object under the key that `msgtype` names. */
export type Payload = Readonly<Record<string, unknown>>;

/** What a check has to know besides the message. */
export interface MessageRules {
  readonly textLimitBytes: number;
  /** Whether this bot uploaded the media as this type and it has not expired. */
  hasMedia(mediaId: string, type: "file" | "voice"): boolean;
}

/** A payload as it is stored, or why it is refused. */
export type Checked = { readonly payload: Payload } | Refusal;

/** Checks a payload of one `msgtype`. */
export type Check = (payload: Payload, rules: MessageRules) => Checked;

/** The message kinds of a group bot. */
export const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["text", (payload, rules) => content("text", payload, rules.textLimitBytes) ?? mentions(payload) ?? { payload }],
  ["markdown", (payload) => content("markdown", payload, LIMITS.markdownBytes) ?? { payload }],
  ["markdown_v2", (payload) => content("markdown_v2", payload, LIMITS.markdownBytes) ?? { payload }],
  ["image", image],
  ["news", news],
  ["file", (payload, rules) => media("file", payload, rules)],
  ["voice", (payload, rules) => media("voice", payload, rules)],
  ["template_card", (payload) => checkTemplateCard(payload) ?? { payload }],
]);

function content(type: string, payload: Payload, limit: number): Refusal | undefined {
  const text = payload["content"];
  if (text === undefined || text === "") return refuse(44004);
  if (typeof text !== "string") return invalidParameter(`${type}.content must be a string`);
  return Buffer.byteLength(text) > limit ? tooLong(`${type}.content`, limit) : undefined;
}

/** Mention lists are lists of text; null entries are ignored, as clients in the field send them. */
function mentions(payload: Payload): Refusal | undefined {
  for (const key of ["mentioned_list", "mentioned_mobile_list"]) {
    const list = payload[key];
    if (list === undefined || list === null) continue;
    const isList = Array.isArray(list) && list.every((entry) => entry === null || typeof entry === "string");
    if (!isList) return invalidParameter(`text.${key} must be a list of strings`);
  }
  return undefined;
}

function image(payload: Payload): Checked {
  const { base64, md5 } = payload;
  if (typeof base64 !== "string" || base64 === "") return refuse(44004);
  if (typeof md5 !== "string" || md5 === "") return refuse(40063, "image.md5 is required");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return invalidParameter("image.base64 is not base64");
  const bytes = Buffer.from(base64, "base64");
  if (createHash("md5").update(bytes).digest("hex") !== md5.toLowerCase()) return invalidParameter("image.md5 does not match");
  if (bytes.length > LIMITS.imageBytes) return refuse(40009);
  if (!isPicture(bytes)) return refuse(40123);
  return { payload: { md5, bytes: bytes.length } };
}

function isPicture(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 4).toString("hex");
  return start === "89504e47" || start.startsWith("ffd8ff");
}

function news({ articles }: Payload): Checked {
  if (articles === undefined) return refuse(44004);
  if (!Array.isArray(articles) || articles.length < 1 || articles.length > LIMITS.articleCount) return refuse(45008);
  const stored: Payload[] = [];
  for (const [index, article] of articles.entries()) {
    if (!isObject(article)) return invalidParameter(`news.articles[${index}] must be an object`);
    const { title, url, description } = article;
    if (typeof title !== "string" || title === "") return refuse(40063, `news.articles[${index}].title is required`);
    if (typeof url !== "string" || url === "") return refuse(40063, `news.articles[${index}].url is required`);
    stored.push({
      ...article,
      title: cut(title, LIMITS.articleTitleBytes),
      ...(typeof description === "string" ? { description: cut(description, LIMITS.articleDescriptionBytes) } : {}),
    });
  }
  return { payload: { articles: stored } };
}

function media(type: "file" | "voice", payload: Payload, rules: MessageRules): Checked {
  const id = payload["media_id"];
  if (typeof id !== "string" || id === "") return refuse(41006);
  return rules.hasMedia(id, type) ? { payload } : refuse(40007);
}

/** Whether a JSON value is an object and no list. */
export function isObject(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The longest beginning of `text` that has at most `maxBytes` bytes and no half character. */
function cut(text: string, maxBytes: number): string {
  const room = new Uint8Array(maxBytes);
  const { read } = new TextEncoder().encodeInto(text, room);
  return text.slice(0, read);
}
