import {
  extensionOf, isTextLike, PayloadTooLargeError, PlatformError, requireFile, sniffMediaType,
  type AttachmentKind, type OutboundFile, type OutboundMessage,
} from "@revka/core";
import { markdownCard, split, toCardMarkdown, withoutMentions } from "./card.ts";
import { LIMITS } from "./limits.ts";
import type { Upload } from "./upload.ts";

/** The contents of one platform message. */
export interface LarkContent {
  readonly msgType: "interactive" | "post" | "text" | "image" | "file" | "audio" | "media";
  /** JSON text. */
  readonly content: string;
}

/** One platform message: a text that fits into a card, or a file, with the ways it can be uploaded, best first. */
export type LarkPart =
  | { readonly kind: "markdown"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "upload"; readonly uploads: readonly Upload[] };

/**
 * The platform messages that `message` becomes, in order: its text, then its media.
 *
 * @param channel - the instance, for errors.
 * @throws TypeError when there is nothing to send, which the platform would refuse.
 * @throws PlatformError for an empty file, PayloadTooLargeError for a too large one.
 */
export function render({ text, format = "markdown", media }: OutboundMessage, channel: string): readonly LarkPart[] {
  const parts: LarkPart[] = split(text).map((piece) => ({ kind: format, text: piece }));
  if (media !== undefined) parts.push({ kind: "upload", uploads: toUploads(requireFile(media), channel) });
  if (parts.length === 0) throw new TypeError("Lark takes no empty message: give a text that is not blank, or media");
  return parts;
}

/** A text as a card, as it is meant to be shown. */
export function asCard(markdown: string): LarkContent {
  return { msgType: "interactive", content: JSON.stringify(markdownCard(markdown)) };
}

/** A text as a rich text, where a card cannot be had: it knows no headings. */
export function asPost(markdown: string): LarkContent {
  const text = toCardMarkdown(markdown).replaceAll(/^#{1,6}[ \t]+(.*\S)[ \t]*$/gm, "**$1**");
  return { msgType: "post", content: JSON.stringify({ zh_cn: { title: "", content: [[{ tag: "md", text }]] } }) };
}

/** A text as it is. */
export function asText(text: string): LarkContent {
  return { msgType: "text", content: JSON.stringify({ text: withoutMentions(text) }) };
}

/** What shows an uploaded file. */
export function asMedia({ msgType }: Upload, key: string): LarkContent {
  return { msgType, content: JSON.stringify(msgType === "image" ? { image_key: key } : { file_key: key }) };
}

type Filed = Pick<Upload, "msgType" | "fileType">;
type Facts = Omit<Upload, keyof Filed>;

const IMAGE_TYPES: ReadonlySet<string | undefined> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"]);

/** What the platform shows as more than a file. */
const SHOWN: Readonly<Record<AttachmentKind, (facts: Facts) => Filed | undefined>> = {
  image: ({ bytes, mediaType }) => (IMAGE_TYPES.has(mediaType) && bytes.length <= LIMITS.imageBytes ? { msgType: "image", fileType: "image" } : undefined),
  audio: ({ bytes }) => (isOpus(bytes) ? { msgType: "audio", fileType: "opus" } : undefined),
  video: ({ mediaType }) => (mediaType === "video/mp4" ? { msgType: "media", fileType: "mp4" } : undefined),
  file: () => undefined,
};

/** What the platform has a kind of file for; all else is a stream of bytes. */
const FILE_TYPES: ReadonlyMap<string, Upload["fileType"]> = new Map([
  ["pdf", "pdf"], ["doc", "doc"], ["docx", "doc"], ["xls", "xls"], ["xlsx", "xls"], ["ppt", "ppt"], ["pptx", "ppt"],
]);

function toUploads({ kind, bytes, name, mediaType: told }: OutboundFile, channel: string): readonly Upload[] {
  checkSize(bytes.length, channel);
  const mediaType = sniffMediaType(bytes) ?? told;
  const extension = extensionOf(mediaType ?? "") ?? (isTextLike(bytes) ? "txt" : "bin");
  const facts: Facts = { bytes, name: name ?? `${kind}.${extension}`, ...(mediaType !== undefined && { mediaType }) };
  const [, given = ""] = /\.([a-z\d]+)$/i.exec(facts.name) ?? [];
  const plain: Upload = { ...facts, msgType: "file", fileType: FILE_TYPES.get(given.toLowerCase()) ?? "stream" };
  const shown = SHOWN[kind](facts);
  return shown === undefined ? [plain] : [{ ...facts, ...shown }, plain];
}

function checkSize(actual: number, channel: string): void {
  const limit = LIMITS.fileBytes;
  if (actual > limit) throw new PayloadTooLargeError("Lark takes files of up to 30 MB", { channel, limit, actual, unit: "bytes" });
  if (actual > 0) return;
  const platformMessage = "the file is empty";
  throw new PlatformError(`Lark: ${platformMessage}`, { channel, platformCode: "media", platformMessage });
}

/** The only voice that the platform plays: the first page of such a file names its codec. */
function isOpus(bytes: Uint8Array): boolean {
  return sniffMediaType(bytes) === "audio/ogg" && Buffer.from(bytes.subarray(0, 64)).includes("OpusHead");
}
