import { dropAbsent, mediaTypeOfName, type AttachmentKind, type MessagePart } from "@revka/core";
import { tidyName } from "./file-name.ts";
import type { QqAttachment } from "./message-event.ts";

/** A file of a message as a part of ours: a reference, with the addresses to fetch it from, best first. */
export function attachmentPart(attachment: QqAttachment): MessagePart {
  const { url, wavUrl, contentType, sizeBytes, transcript } = attachment;
  const kind = kindOf(attachment);
  if (kind === "audio" && wavUrl !== undefined) {
    // The original is in a format of Tencent's.
    return { kind, ref: { urls: url === undefined ? [wavUrl] : [wavUrl, url] }, name: "voice.wav", mediaType: "audio/wav", ...dropAbsent({ transcript }) };
  }
  if (url === undefined && transcript === undefined) return { kind: "unsupported", type: contentType === "" ? "attachment" : contentType };
  const name = tidyName(attachment.name ?? "");
  return {
    kind,
    ref: { urls: url === undefined ? [] : [url] },
    ...dropAbsent({ name: name === "" ? undefined : name, mediaType: mediaTypeOf(contentType, name), sizeBytes, transcript }),
  };
}

/** The platform says `voice` and `file` besides media types. */
function mediaTypeOf(contentType: string, name: string): string | undefined {
  return contentType.includes("/") ? contentType : mediaTypeOfName(name);
}

const EXTENSIONS: readonly (readonly [AttachmentKind, RegExp])[] = [
  ["image", /\.(?:png|jpe?g|gif|webp|bmp|heic|heif|svg)$/i],
  ["audio", /\.(?:mp3|wav|silk|ogg|flac|m4a)$/i],
  ["video", /\.(?:mp4|mov|mkv|avi|webm)$/i],
];

function kindOf({ contentType, name = "" }: QqAttachment): AttachmentKind {
  if (contentType.startsWith("image/")) return "image";
  if (contentType.startsWith("audio/") || contentType.includes("voice")) return "audio";
  if (contentType.startsWith("video/")) return "video";
  return EXTENSIONS.find(([, pattern]) => pattern.test(name))?.[0] ?? "file";
}
