import {
  extensionOf, PayloadTooLargeError, PlatformError, requireFile, sniffMediaType, splitText,
  type OutboundFile, type OutboundMessage,
} from "@revka/core";
import { LIMITS } from "./limits.ts";
import { encodedBytesBound, toDingtalkMarkdown } from "./markdown.ts";

/** A message as a session webhook takes it. */
export type WebhookPayload =
  | { readonly msgtype: "text"; readonly text: { readonly content: string } }
  /** The title is what the list of conversations shows. */
  | { readonly msgtype: "markdown"; readonly markdown: { readonly title: string; readonly text: string } };

/** A message as the robot API takes it. */
export interface RobotPayload {
  readonly msgKey: "sampleText" | "sampleMarkdown" | "sampleImageMsg" | "sampleFile";
  /** JSON text. */
  readonly msgParam: string;
}

/** One message, for each way it can go. A webhook takes no files. */
export interface Payloads {
  readonly webhook?: WebhookPayload;
  readonly robot: RobotPayload;
}

/** What may be uploaded. */
export type UploadType = "image" | "file";

/** A file that is uploaded and then sent by its id. */
export interface Upload {
  readonly type: UploadType;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly mediaType?: string;
}

/** One platform message: ready as it is, or a file that must be uploaded first. */
export type DingtalkPart = { readonly kind: "text"; readonly payloads: Payloads } | { readonly kind: "upload"; readonly upload: Upload };

/** What a part is rendered for. */
export interface RenderOptions {
  /** The instance. */
  readonly channel: string;
  /** Whether files may go: only the robot API takes them. */
  readonly takesFiles: boolean;
}

/** Shown in the list of conversations. */
const TITLE = "Revka";

/** Cuts a text into pieces that one message each takes, by a webhook as well as by the robot API; a blank text gives none. */
export function split(text: string): readonly string[] {
  const bytesPerUnit = LIMITS.encodedBytes / LIMITS.textChars;
  return splitText(text, {
    limit: LIMITS.textChars,
    unit: "chars",
    measure: (piece) => Math.max(piece.length, Math.ceil(encodedBytesBound(piece) / bytesPerUnit)),
  });
}

/**
 * The platform messages that `message` becomes, in order: its text, then its media.
 *
 * @throws TypeError when there is nothing to send, which the platform would refuse.
 * @throws PlatformError for media that cannot go, PayloadTooLargeError for too large ones.
 */
export function render({ text, format = "markdown", media }: OutboundMessage, options: RenderOptions): readonly DingtalkPart[] {
  const pieces = split(text);
  const parts: DingtalkPart[] = pieces.map((piece, index) => {
    const title = pieces.length === 1 ? TITLE : `${TITLE} (${index + 1}/${pieces.length})`;
    return { kind: "text", payloads: format === "text" ? textPayloads(piece) : markdownPayloads(title, toDingtalkMarkdown(piece)) };
  });
  if (media !== undefined) parts.push({ kind: "upload", upload: toUpload(requireFile(media), options) });
  if (parts.length === 0) throw new TypeError("DingTalk takes no empty message: give a text that is not blank, or media");
  return parts;
}

/** The message that shows an uploaded file. */
export function uploadedPayloads({ type, name }: Upload, mediaId: string): Payloads {
  if (type === "image") {
    const alt = name.replaceAll(/[[\]()\\\n]/g, " ");
    const robot: RobotPayload = { msgKey: "sampleImageMsg", msgParam: JSON.stringify({ photoURL: mediaId }) };
    return { webhook: { msgtype: "markdown", markdown: { title: TITLE, text: `![${alt}](${mediaId})` } }, robot };
  }
  return { robot: { msgKey: "sampleFile", msgParam: JSON.stringify({ mediaId, fileName: name, fileType: fileTypeOf(name) }) } };
}

function textPayloads(content: string): Payloads {
  return { webhook: { msgtype: "text", text: { content } }, robot: { msgKey: "sampleText", msgParam: JSON.stringify({ content }) } };
}

function markdownPayloads(title: string, text: string): Payloads {
  const markdown = { title, text };
  return { webhook: { msgtype: "markdown", markdown }, robot: { msgKey: "sampleMarkdown", msgParam: JSON.stringify(markdown) } };
}

const IMAGE_TYPES: ReadonlySet<string | undefined> = new Set(["image/png", "image/jpeg", "image/gif", "image/bmp"]);

/** What a message of kind `sampleFile` may carry. */
const FILE_TYPES: ReadonlySet<string> = new Set(["xlsx", "pdf", "zip", "rar", "doc", "docx"]);

/** The platform tells a file's type by its name. */
function fileTypeOf(name: string): string {
  return /\.([a-z\d]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** Why the platform would say no, so that it need not be asked. */
function whyNoFile(name: string, takesFiles: boolean): string | undefined {
  if (!takesFiles) return "a session webhook takes pictures (png, jpeg, gif, bmp) only; other files need proactive_send";
  return FILE_TYPES.has(fileTypeOf(name)) ? undefined : `it takes files of the types ${[...FILE_TYPES].join(", ")} only`;
}

function toUpload(media: OutboundFile, { channel, takesFiles }: RenderOptions): Upload {
  const { kind, bytes } = media;
  const mediaType = sniffMediaType(bytes) ?? media.mediaType;
  const isImage = kind === "image" && IMAGE_TYPES.has(mediaType);
  const name = media.name ?? `${kind}.${extensionOf(mediaType ?? "") ?? "bin"}`;
  const platformMessage = isImage ? undefined : whyNoFile(name, takesFiles);
  if (platformMessage !== undefined) throw new PlatformError(`DingTalk: ${platformMessage}`, { channel, platformCode: "media", platformMessage });
  const limit = LIMITS.uploadBytes;
  if (bytes.length > limit) {
    throw new PayloadTooLargeError(`DingTalk takes files of up to ${limit / 1024 / 1024} MiB`, { channel, limit, actual: bytes.length, unit: "bytes" });
  }
  return { type: isImage ? "image" : "file", bytes, name, ...(mediaType !== undefined && { mediaType }) };
}
