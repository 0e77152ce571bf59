import { dropAbsent, mediaTypeOfName, type Attachment, type AttachmentKind, type MessagePart } from "@revka/core";
import * as v from "valibot";
import * as lenient from "./lenient.ts";

/** What a message or a quote contains, whichever way it is packed. */
export interface Content {
  readonly msgtype: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const bodySchema = v.object({
  content: lenient.text,
  text: lenient.text,
  richText: lenient.records,
  downloadCode: lenient.id,
  recognition: lenient.id,
  duration: lenient.number,
  videoType: lenient.id,
  fileName: lenient.id,
  title: lenient.id,
  summary: lenient.id,
  cardContent: v.optional(v.unknown()),
  unknownMsgType: lenient.id,
});

type Body = v.InferOutput<typeof bodySchema>;

/**
 * The parts of a content, in its order. Robot codes differ between apps, so each attachment keeps the message's own.
 *
 * A kind that nobody documents gives the text that is found in it; what is left without any is said to be unsupported.
 */
export function partsOf({ msgtype, body }: Content, robotCode: string | undefined): readonly MessagePart[] {
  const read = lenient.read(bodySchema, body);
  if (msgtype === "richText") return joinTexts(read.richText.map((segment) => segmentPart(segment, robotCode)));
  if (KINDS.has(msgtype)) return [attachmentOf(msgtype, read, robotCode) ?? { kind: "unsupported", type: msgtype }];
  const text = textIn(read);
  if (text !== "") return [{ kind: "text", text }];
  const isText = msgtype === "text" || msgtype === "reply";
  return isText ? [] : [{ kind: "unsupported", type: read.unknownMsgType ?? (msgtype === "" ? "unknown" : msgtype) }];
}

function textIn({ title, content, text, summary, cardContent }: Body): string {
  const words = content ?? text ?? summary ?? cardText(cardContent);
  return [title, words].filter((line) => line !== undefined).join("\n").trim();
}

const KINDS: ReadonlyMap<string, AttachmentKind> = new Map([["picture", "image"], ["audio", "audio"], ["voice", "audio"], ["video", "video"], ["file", "file"]]);

function attachmentOf(type: string, body: Body, robotCode: string | undefined): Attachment | undefined {
  const { downloadCode, recognition, duration, videoType, fileName } = body;
  const kind = KINDS.get(type);
  if (kind === undefined || downloadCode === undefined) return undefined;
  const name = fileName ?? (videoType === undefined ? undefined : `video.${videoType}`);
  return {
    kind,
    ref: dropAbsent({ downloadCode, robotCode }),
    ...dropAbsent({
      name,
      mediaType: name === undefined ? undefined : mediaTypeOfName(name),
      // Of a video it may be in seconds.
      durationMs: kind === "audio" ? duration : undefined,
      transcript: recognition,
    }),
  };
}

const segmentSchema = v.object({
  type: lenient.text,
  msgType: lenient.text,
  text: lenient.text,
  content: lenient.text,
  atName: lenient.id,
  skillData: lenient.record,
});

/** A segment of a rich text; within quotes its fields have other names. */
function segmentPart(segment: Readonly<Record<string, unknown>>, robotCode: string | undefined): MessagePart {
  const { type, msgType, text, content, atName, skillData } = lenient.read(segmentSchema, segment);
  const kind = type ?? msgType ?? "text";
  const attachment = attachmentOf(kind, lenient.read(bodySchema, segment), robotCode);
  if (attachment !== undefined) return attachment;
  const skill = typeof skillData["displayName"] === "string" ? skillData["displayName"] : undefined;
  const words = text ?? content ?? (atName === undefined ? skill : `@${atName} `);
  return words === undefined ? { kind: "unsupported", type: kind } : { kind: "text", text: words };
}

/** Neighbouring texts become one, and blank ones go. */
function joinTexts(parts: readonly MessagePart[]): readonly MessagePart[] {
  const joined: MessagePart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === "text" && last?.kind === "text") joined.splice(-1, 1, { kind: "text", text: last.text + part.text });
    else joined.push(part);
  }
  return joined.map((part) => (part.kind === "text" ? { kind: "text" as const, text: part.text.trim() } : part)).filter((part) => part.kind !== "text" || part.text !== "");
}

/** A card is a tree of elements; deeper than that, or longer, none is. */
const MOST_CARD_DEPTH = 16;

function cardText(element: unknown, depth = 0): string | undefined {
  if (typeof element !== "object" || element === null || depth > MOST_CARD_DEPTH) return undefined;
  const { value, children } = lenient.read(v.object({ value: lenient.id, children: lenient.records }), Array.isArray(element) ? { children: element } : element);
  const texts = [value, ...children.map((child) => cardText(child, depth + 1))].filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join("\n");
}
