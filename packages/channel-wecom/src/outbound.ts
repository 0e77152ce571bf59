import { createHash } from "node:crypto";
import { extensionOf, PayloadTooLargeError, requireFile, sniffMediaType, splitText, type AttachmentKind, type OutboundFile, type OutboundMessage } from "@revka/core";
import { LIMITS } from "./limits.ts";
import type { WecomMediaType, WecomPayload } from "./wire.ts";

/** A file that is uploaded and then posted by its id. */
export interface WecomUpload {
  readonly type: WecomMediaType;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly mediaType?: string;
}

/** One platform message: ready as it is, or a file that must be uploaded first. */
export type WecomPart = { readonly kind: "message"; readonly payload: WecomPayload } | { readonly kind: "upload"; readonly upload: WecomUpload };

/** Cuts a text into pieces that one `text` message each takes; a blank text gives none. */
export function split(text: string): readonly string[] {
  return splitText(text, { limit: LIMITS.textBytes, unit: "bytes" });
}

/** The payload of a plain text message. */
export function textPayload(content: string): WecomPayload {
  return { msgtype: "text", text: { content } };
}

/**
 * The platform messages that `message` becomes, in order: its text, then its media.
 *
 * A text stays text, whatever its `format`: that is what a webhook posts. What the platform does not take as a
 * picture or a voice goes as a file.
 *
 * @throws TypeError when there is nothing to send, which the platform would refuse.
 * @throws PayloadTooLargeError when the media is larger than any kind of message takes.
 */
export function render({ text, media }: OutboundMessage): readonly WecomPart[] {
  const parts: WecomPart[] = split(text).map((piece) => ({ kind: "message", payload: textPayload(piece) }));
  if (media !== undefined) parts.push(renderFile(requireFile(media)));
  if (parts.length === 0) throw new TypeError("WeCom takes no empty message: give a text that is not blank, or media");
  return parts;
}

function renderFile(media: OutboundFile): WecomPart {
  const mediaType = sniffMediaType(media.bytes) ?? media.mediaType;
  if (fitsInline(media, mediaType)) return { kind: "message", payload: imagePayload(media.bytes) };
  return { kind: "upload", upload: toUpload(media, mediaType) };
}

function fitsInline({ kind, bytes }: OutboundFile, mediaType: string | undefined): boolean {
  return kind === "image" && (mediaType === "image/png" || mediaType === "image/jpeg") && bytes.length <= LIMITS.imageBytes;
}

function fitsVoice({ kind, bytes }: OutboundFile, mediaType: string | undefined): boolean {
  return kind === "audio" && mediaType === "audio/amr" && bytes.length <= LIMITS.voiceBytes;
}

function toUpload(media: OutboundFile, mediaType: string | undefined): WecomUpload {
  const { kind, bytes, name = defaultName(kind, mediaType) } = media;
  if (bytes.length > LIMITS.fileBytes) {
    const megabytes = LIMITS.fileBytes / 1024 / 1024;
    throw new PayloadTooLargeError(`WeCom takes files of up to ${megabytes} MiB`, { limit: LIMITS.fileBytes, actual: bytes.length, unit: "bytes" });
  }
  return { type: fitsVoice(media, mediaType) ? "voice" : "file", bytes, name, ...(mediaType !== undefined && { mediaType }) };
}

function defaultName(kind: AttachmentKind, mediaType = ""): string {
  return `${kind}.${extensionOf(mediaType) ?? "bin"}`;
}

function imagePayload(bytes: Uint8Array): WecomPayload {
  const md5 = createHash("md5").update(bytes).digest("hex");
  return { msgtype: "image", image: { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"), md5 } };
}
