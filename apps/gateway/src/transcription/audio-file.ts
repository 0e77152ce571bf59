import { extensionOf, sniffMediaType, type MediaBytes } from "@revka/core";

/** The extensions that the Whisper API takes, and what each is sent as. */
const SENT_AS: ReadonlyMap<string, string> = new Map([
  ...["flac", "mp3", "mpeg", "mpga", "mp4", "m4a", "ogg", "wav", "webm"].map((extension) => [extension, extension] as const),
  ["oga", "ogg"],
  ["opus", "ogg"],
]);

/**
 * The name that tells a provider the format of a recording: by its first bytes, else by its own name.
 * @throws TypeError for a format that the API does not take, such as AMR and SILK.
 */
export function audioFileName({ bytes, mediaType, name }: MediaBytes): string {
  const sniffed = sniffMediaType(bytes);
  const told = sniffed === undefined ? (extensionIn(name) ?? extensionOf(mediaType ?? "")) : extensionOf(sniffed);
  const extension = SENT_AS.get(told ?? "");
  if (extension === undefined) throw new TypeError(`A recording in a format that cannot be transcribed (${sniffed ?? mediaType ?? "unknown"})`);
  return `audio.${extension}`;
}

function extensionIn(name: string | undefined): string | undefined {
  const extension = /\.([a-z\d]+)$/i.exec(name ?? "")?.[1]?.toLowerCase();
  return SENT_AS.has(extension ?? "") ? extension : undefined;
}
