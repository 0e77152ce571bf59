import { mediaTypeOfName, sniffMediaType, type AttachmentKind, type Channel, type OutboundFile } from "@revka/core";
import { MediaRefusal } from "./media-refusal.ts";

/** A file that an operator sends. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * What a channel sends a file as: a picture, voice or video where its content is one and the channel has such messages,
 * else a file.
 * @throws MediaRefusal when the channel sends neither.
 */
export function fileToMedia({ name, bytes }: NamedFile, { displayName, capabilities: { mediaOut } }: Channel): OutboundFile {
  if (bytes.length === 0) throw new MediaRefusal(`${name} is empty`);
  const mediaType = sniffMediaType(bytes) ?? mediaTypeOfName(name);
  const kind = [kindOf(mediaType), "file" as const].find((candidate) => candidate !== undefined && mediaOut.includes(candidate));
  if (kind !== undefined) return { kind, name, bytes, ...(mediaType !== undefined && { mediaType }) };
  throw new MediaRefusal(mediaOut.length === 0 ? `${displayName} takes text only` : `${displayName} takes no files of this type, only: ${mediaOut.join(", ")}`);
}

function kindOf(mediaType = ""): AttachmentKind | undefined {
  const [family] = mediaType.split("/");
  return family === "image" || family === "audio" || family === "video" ? family : undefined;
}
