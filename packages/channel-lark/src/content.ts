import type { Attachment, AttachmentKind, MessagePart } from "@revka/core";
import * as v from "valibot";
import { attachmentOf } from "./attachment.ts";
import type { Said } from "./event.ts";
import * as lenient from "./lenient.ts";
import { resolveMentions } from "./mentions.ts";
import { noteOf } from "./notes.ts";
import { joinTexts, postParts } from "./post.ts";

/**
 * The parts of a message, in its order, with the names of those it mentions.
 *
 * Words of the platform's own give no part; a kind that nobody documents is said to be unsupported.
 */
export function partsOf(said: Said, botOpenId: string | undefined): readonly MessagePart[] {
  const parts = rawParts(said).map((part) => (part.kind === "text" ? { ...part, text: resolveMentions(part.text, said.mentions, botOpenId) } : part));
  return joinTexts(parts);
}

const fieldsSchema = v.object({
  image_key: lenient.key,
  file_key: lenient.key,
  file_name: lenient.id,
  duration: lenient.number,
});

/** The kinds of message that are one file of another kind than a picture. */
const FILE_KINDS: ReadonlyMap<string, AttachmentKind> = new Map([["file", "file"], ["audio", "audio"], ["media", "video"]]);

function rawParts(said: Said): readonly MessagePart[] {
  const { messageId, type, content } = said;
  if (type === "system") return [];
  if (type === "post") return postParts(content, messageId);
  const file = fileOf(said);
  if (file !== undefined) return [file];
  const text = type === "text" ? v.parse(textSchema, content).text : noteOf(type, content);
  return [text === undefined ? { kind: "unsupported", type: type === "" ? "unknown" : type } : { kind: "text", text }];
}

function fileOf({ messageId, type, content }: Said): Attachment | undefined {
  const { image_key: imageKey, file_key: key, file_name: name, duration: durationMs } = v.parse(fieldsSchema, content);
  if (type === "image" && imageKey !== undefined) return attachmentOf("image", { messageId, key: imageKey });
  const kind = FILE_KINDS.get(type);
  if (kind === undefined || key === undefined) return undefined;
  return attachmentOf(kind, { messageId, key, name: kind === "audio" ? voiceName(name) : name, durationMs });
}

const textSchema = v.object({ text: v.fallback(v.string(), "") });

/** A voice seldom has a name, and what turns speech into text wants one. */
function voiceName(name: string | undefined): string {
  return name !== undefined && /\.(?:m4a|ogg|mp3|aac|wav)$/i.test(name) ? name : "voice.m4a";
}
