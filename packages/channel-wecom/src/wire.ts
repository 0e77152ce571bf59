import * as v from "valibot";
import type { WecomTemplateCard } from "./template-card.ts";

/** A `text` message. A member is also mentioned by `<@userid>` inside `content`. */
export interface WecomText {
  /** Up to 2048 bytes of UTF-8. */
  readonly content: string;
  /** User ids, or `"@all"`. */
  readonly mentioned_list?: readonly string[];
  /** Phone numbers, or `"@all"`. */
  readonly mentioned_mobile_list?: readonly string[];
}

/** A `markdown` or `markdown_v2` message. */
export interface WecomMarkdown {
  /** Up to 4096 bytes of UTF-8. */
  readonly content: string;
}

/** An `image` message: a JPG or PNG of up to 2 MiB, inside the message itself. */
export interface WecomImage {
  /** The bytes, without a `data:` prefix. */
  readonly base64: string;
  /** Of the bytes before base64, in hex. */
  readonly md5: string;
}

/** One link of a `news` message. */
export interface WecomArticle {
  /** Shown up to 128 bytes. */
  readonly title: string;
  /** Shown up to 512 bytes. */
  readonly description?: string;
  readonly url: string;
  /** About 1068x455 for the first article, 150x150 for the others. */
  readonly picurl?: string;
}

/** What was uploaded before: valid for 3 days, and only for the bot that uploaded it. */
export interface WecomMedia {
  readonly media_id: string;
}

/** A message as the platform takes it; one of the kinds that its webhook knows. */
export type WecomPayload =
  | { readonly msgtype: "text"; readonly text: WecomText }
  | { readonly msgtype: "markdown"; readonly markdown: WecomMarkdown }
  /** Tables and headings, but neither mentions nor colours; old clients show the source. */
  | { readonly msgtype: "markdown_v2"; readonly markdown_v2: WecomMarkdown }
  | { readonly msgtype: "image"; readonly image: WecomImage }
  /** 1 to 8 articles. */
  | { readonly msgtype: "news"; readonly news: { readonly articles: readonly WecomArticle[] } }
  | { readonly msgtype: "file"; readonly file: WecomMedia }
  | { readonly msgtype: "voice"; readonly voice: WecomMedia }
  | { readonly msgtype: "template_card"; readonly template_card: WecomTemplateCard };

/** What may be uploaded; pictures go inside their message instead. */
export type WecomMediaType = "file" | "voice";

/** What the platform answers to every call. A field that is missing or of a strange type is absent or undefined. */
export interface WecomAnswer {
  readonly errcode?: number | undefined;
  readonly errmsg?: string | undefined;
  /** Of an upload. */
  readonly media_id?: string | undefined;
}

const optionalNumber = v.fallback(v.optional(v.number()), undefined);
const optionalString = v.fallback(v.optional(v.string()), undefined);
const answerSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ errcode: optionalNumber, errmsg: optionalString, media_id: optionalString }),
);

/** Reads an answer's body; undefined when it is no JSON object. */
export function decodeAnswer(body: string): WecomAnswer | undefined {
  const answer = v.safeParse(answerSchema, body);
  return answer.success ? answer.output : undefined;
}
