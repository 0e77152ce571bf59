import { extensionOf, splitText, type AttachmentKind, type OutboundMedia, type OutboundMessage } from "@revka/core";
import { tidyName } from "./file-name.ts";
import { LIMITS } from "./limits.ts";

/** The content of a message as the platform takes it: plain text, markdown, or a file that was uploaded. */
export type MessageContent =
  | { readonly msg_type: 0; readonly content: string }
  | { readonly msg_type: 2; readonly markdown: { readonly content: string } }
  | { readonly msg_type: 7; readonly content: " "; readonly media: { readonly file_info: string } };

/** The platform's kinds of files: image, video, voice, file. */
export type FileType = 1 | 2 | 3 | 4;

/** A file as the platform takes it. It is sent by a message of its own, so never with `srv_send_msg`. */
export interface FileContent {
  readonly file_type: FileType;
  /** Where the platform fetches it. */
  readonly url?: string;
  /** Its bytes in base64. */
  readonly file_data?: string;
  readonly srv_send_msg: false;
  /** What people see; for files only. */
  readonly file_name?: string;
}

/** A file to send: by its bytes, or by its address. */
export interface QqFile {
  readonly type: FileType;
  readonly name: string;
  readonly source: { readonly bytes: Uint8Array } | { readonly url: string };
}

/** What becomes one platform message. */
export type QqPart = { readonly kind: "text"; readonly text: string; readonly isMarkdown: boolean } | { readonly kind: "file"; readonly file: QqFile };

/** Cuts a text into pieces that one message each takes; a blank text gives none. */
export function split(text: string): readonly string[] {
  return splitText(text, { limit: LIMITS.textBytes, unit: "bytes" });
}

/**
 * The platform messages that `message` becomes, in order: its text, then its media.
 *
 * @throws TypeError when there is nothing to send, which the platform would refuse.
 */
export function render({ text, format = "markdown", media }: OutboundMessage): readonly QqPart[] {
  const parts: QqPart[] = split(text).map((piece) => ({ kind: "text", text: piece, isMarkdown: format === "markdown" }));
  if (media !== undefined) parts.push({ kind: "file", file: toFile(media) });
  if (parts.length === 0) throw new TypeError("QQ takes no empty message: give a text that is not blank, or media");
  return parts;
}

/** A text as the platform takes it. */
export function textContent(text: string, isMarkdown: boolean): MessageContent {
  return isMarkdown ? { msg_type: 2, markdown: { content: text } } : { msg_type: 0, content: text };
}

/** The message that shows an uploaded file. Its text is one blank: older versions of the API demand some. */
export function fileMessage(fileInfo: string): MessageContent {
  return { msg_type: 7, content: " ", media: { file_info: fileInfo } };
}

const TYPES: Readonly<Record<AttachmentKind, FileType>> = { image: 1, video: 2, audio: 3, file: 4 };

/** What can be played as a voice message; other audio goes as a file. */
const VOICE_NAME = /\.(?:wav|mp3|silk)$/i;

function toFile(media: OutboundMedia): QqFile {
  const name = nameOf(media);
  const isPlainAudio = media.kind === "audio" && !VOICE_NAME.test(name);
  return { type: isPlainAudio ? 4 : TYPES[media.kind], name, source: "url" in media ? { url: media.url } : { bytes: media.bytes } };
}

/** The platform tells a file's kind by its name, so everything has one. */
function nameOf(media: OutboundMedia): string {
  const given = media.name ?? ("url" in media ? lastSegment(media.url) : undefined);
  const name = given === undefined ? "" : tidyName(given);
  if (name !== "") return name;
  const extension = "url" in media ? undefined : extensionOf(media.mediaType ?? "");
  return extension === undefined ? media.kind : `${media.kind}.${extension}`;
}

function lastSegment(address: string): string {
  const segment = URL.parse(address)?.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The words of a content; none for a file. */
export function wordsOf(content: MessageContent): string {
  if (content.msg_type === 7) return "";
  return content.msg_type === 2 ? content.markdown.content : content.content;
}
