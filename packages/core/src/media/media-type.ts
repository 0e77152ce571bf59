import { isUtf8 } from "node:buffer";

/** How files begin, in hexadecimal. */
const SIGNATURES: readonly (readonly [mediaType: string, beginning: RegExp])[] = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  ["image/gif", /^47494638(?:37|39)61/],
  ["image/webp", /^52494646.{8}57454250/],
  // "BM" alone begins many a text: the reserved bytes and the size of the second header have to fit as well.
  ["image/bmp", /^424d.{8}0{8}.{8}(?:0c|28|34|38|40|6c|7c)000000/],
  ["audio/wav", /^52494646.{8}57415645/],
  // An ID3 tag of a known version, or a frame header of MPEG layer III with a valid bitrate and sample rate.
  ["audio/mpeg", /^(?:4944330[234]|ff(?:e[23]|f[23ab])[1-9a-e][0-9ab])/],
  ["audio/ogg", /^4f676753/],
  ["audio/amr", /^2321414d52(?:0a|2d57420a)/],
  // Tencent's variant has one byte in front.
  ["audio/silk", /^(?:02)?232153494c4b5f5633/],
  ["audio/flac", /^664c6143[08]0/],
  ["audio/mp4", /^.{8}667479704d34(?:41|42)20/],
  // The brands iso*, mp4*, avc1, M4V, MSNV and dash.
  ["video/mp4", /^.{8}66747970(?:69736f|6d7034|61766331|4d3456|4d534e56|64617368)/],
  // Matroska with the document type "webm" near its beginning.
  ["video/webm", /^1a45dfa3(?:..){0,48}7765626d/],
  ["application/pdf", /^255044462d/],
  ["application/zip", /^504b(?:0304|0506)/],
];

/** Longer than any signature. */
const SNIFFED_BYTES = 64;

/** Each type's file extensions, the usual one first. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  "image/png": ["png"],
  "image/jpeg": ["jpg", "jpeg"],
  "image/gif": ["gif"],
  "image/webp": ["webp"],
  "image/bmp": ["bmp"],
  "image/svg+xml": ["svg"],
  "audio/wav": ["wav"],
  "audio/mpeg": ["mp3", "mpga"],
  "audio/ogg": ["ogg", "oga", "opus"],
  "audio/amr": ["amr"],
  "audio/silk": ["silk", "slk"],
  "audio/flac": ["flac"],
  "audio/mp4": ["m4a"],
  "audio/aac": ["aac"],
  "video/mp4": ["mp4", "m4v"],
  "video/webm": ["webm"],
  "video/quicktime": ["mov"],
  "application/pdf": ["pdf"],
  "application/zip": ["zip"],
  "application/gzip": ["gz"],
  "application/msword": ["doc"],
  "application/vnd.ms-excel": ["xls"],
  "application/vnd.ms-powerpoint": ["ppt"],
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["docx"],
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["xlsx"],
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["pptx"],
  "application/json": ["json"],
  "application/xml": ["xml"],
  "application/yaml": ["yaml", "yml"],
  "text/plain": ["txt", "log"],
  "text/markdown": ["md"],
  "text/csv": ["csv"],
  "text/html": ["html", "htm"],
};

/** Other names that platforms and browsers give a type. */
const ALIASES: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/x-ms-bmp": "image/bmp",
  "audio/mp3": "audio/mpeg",
  "audio/wave": "audio/wav",
  "audio/x-wav": "audio/wav",
  "audio/opus": "audio/ogg",
  "audio/m4a": "audio/mp4",
  "audio/x-m4a": "audio/mp4",
  "audio/x-flac": "audio/flac",
  "application/x-zip-compressed": "application/zip",
};

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(EXTENSIONS).flatMap(([mediaType, extensions]) => extensions.map((extension) => [extension, mediaType] as const)),
);

/**
 * The media type that the first bytes show, for the kinds that the platforms exchange: png, jpeg, gif, webp, bmp; wav, mp3,
 * ogg (opus too), amr, silk, flac, m4a; mp4, webm; pdf, zip. Undefined for everything else. Office files are zip archives.
 */
export function sniffMediaType(bytes: Uint8Array): string | undefined {
  const beginning = Buffer.from(bytes.subarray(0, SNIFFED_BYTES)).toString("hex");
  return SIGNATURES.find(([, pattern]) => pattern.test(beginning))?.[0];
}

/** The media type that a file name's extension tells; undefined when it has none or an unknown one. */
export function mediaTypeOfName(name: string): string | undefined {
  const extension = /[^/\\]\.([a-z0-9]+)$/i.exec(name)?.[1];
  return extension === undefined ? undefined : TYPES.get(extension.toLowerCase());
}

/** The usual extension of a media type, without a dot; parameters such as `; codecs=opus` do not matter. */
export function extensionOf(mediaType: string): string | undefined {
  const type = mediaType.replace(/;.*$/s, "").trim().toLowerCase();
  const known = Object.hasOwn(ALIASES, type) ? ALIASES[type] : type;
  return known !== undefined && Object.hasOwn(EXTENSIONS, known) ? EXTENSIONS[known]?.[0] : undefined;
}

/**
 * Whether a file can be shown as text: valid UTF-8 without a NUL, and neither its first bytes nor its name tell otherwise.
 * Its size does not matter.
 */
export function isTextLike(bytes: Uint8Array, name?: string): boolean {
  return !isBinary(sniffMediaType(bytes)) && !isBinary(name === undefined ? undefined : mediaTypeOfName(name)) && !bytes.includes(0) && isUtf8(bytes);
}

function isBinary(mediaType: string | undefined): boolean {
  return mediaType !== undefined && !/^text\/|[/+](?:json|xml|yaml)$/.test(mediaType);
}
