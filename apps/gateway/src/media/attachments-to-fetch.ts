import type { Attachment, MessagePart } from "@revka/core";

/** An attachment, and the place of its part in the message. */
export interface PlacedAttachment {
  readonly part: number;
  readonly attachment: Attachment;
}

/** Files of one message that are fetched, images and voice included; nobody sends more in one. */
const MAX_COUNT = 16;

/**
 * The attachments worth fetching: the first images, files, and voice that somebody can transcribe. Videos are only named,
 * and so is whatever is beyond the limits.
 */
export function attachmentsToFetch(parts: readonly MessagePart[], { maxImages, transcribes }: { readonly maxImages: number; readonly transcribes: boolean }): PlacedAttachment[] {
  let images = 0;
  const isWanted = ({ kind, transcript }: Attachment): boolean => {
    if (kind === "image") return ++images <= maxImages;
    return kind === "file" || (kind === "audio" && transcript === undefined && transcribes);
  };
  const placed = parts.flatMap((part, place) => ("ref" in part ? [{ part: place, attachment: part }] : []));
  return placed.filter(({ attachment }) => isWanted(attachment)).slice(0, MAX_COUNT);
}
