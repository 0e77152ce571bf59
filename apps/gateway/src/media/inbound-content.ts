import { isTextLike, sniffMediaType, type Attachment, type MediaBytes } from "@revka/core";

/** What became of an attachment: what the agent gets to see of it. */
export type InboundContent =
  | { readonly kind: "image"; readonly bytes: Uint8Array; readonly mediaType: string }
  | { readonly kind: "text"; readonly text: string }
  /** What our transcription heard. */
  | { readonly kind: "transcript"; readonly text: string }
  /** Fetched, and nothing that can be shown. */
  | { readonly kind: "binary"; readonly mediaType?: string; readonly sizeBytes: number }
  | { readonly kind: "too-large"; readonly sizeBytes?: number }
  | { readonly kind: "failed" };

/** How much of a message is shown. */
export interface ContentLimits {
  readonly maxImageBytes: number;
  readonly textFileMaxBytes: number;
}

/** The formats that agents understand, by their first bytes. */
const IMAGE_TYPES: ReadonlySet<string | undefined> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"]);

/** What can be shown of a fetched image or file, whichever of both the sender called it. */
export function contentOf({ name }: Attachment, media: MediaBytes, limits: ContentLimits): InboundContent {
  const { bytes } = media;
  const sizeBytes = bytes.length;
  const sniffed = sniffMediaType(bytes);
  if (sniffed !== undefined && IMAGE_TYPES.has(sniffed)) {
    return sizeBytes <= limits.maxImageBytes ? { kind: "image", bytes, mediaType: sniffed } : { kind: "too-large", sizeBytes };
  }
  if (isTextLike(bytes, name)) {
    return sizeBytes <= limits.textFileMaxBytes ? { kind: "text", text: new TextDecoder().decode(bytes) } : { kind: "too-large", sizeBytes };
  }
  const mediaType = sniffed ?? media.mediaType;
  return { kind: "binary", sizeBytes, ...(mediaType !== undefined && { mediaType }) };
}
