/** What an image says about itself. */
export interface ImageFormat {
  readonly contentType: string;
  /** Longest side in pixels; absent for formats whose size is not read. */
  readonly pixels?: number;
}

interface Format {
  readonly contentType: string;
  /** First bytes as Latin-1; `?` stands for any byte. */
  readonly magic: string;
  readonly pixels?: (view: DataView) => number;
}

const gifPixels = (view: DataView): number => Math.max(view.getUint16(6, true), view.getUint16(8, true));

/** Formats that the platform takes ("上传图片"). */
const FORMATS: readonly Format[] = [
  { contentType: "image/png", magic: "\x89PNG\r\n\x1a\n", pixels: (view) => Math.max(view.getUint32(16), view.getUint32(20)) },
  { contentType: "image/jpeg", magic: "\xff\xd8\xff" },
  { contentType: "image/gif", magic: "GIF87a", pixels: gifPixels },
  { contentType: "image/gif", magic: "GIF89a", pixels: gifPixels },
  { contentType: "image/webp", magic: "RIFF????WEBP" },
  { contentType: "image/bmp", magic: "BM", pixels: (view) => Math.max(view.getInt32(18, true), Math.abs(view.getInt32(22, true))) },
  { contentType: "image/tiff", magic: "II*\0" },
  { contentType: "image/tiff", magic: "MM\0*" },
  { contentType: "image/x-icon", magic: "\0\0\x01\0" },
];
/** Bytes that the formats are told by; those that say their size do so within them. */
const HEAD_BYTES = 26;

/** Tells an image's format by its first bytes; `undefined` when the platform does not know it. */
export function imageFormatOf(bytes: Uint8Array): ImageFormat | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
  const text = head.toString("latin1");
  const format = FORMATS.find(({ magic }) => Array.from(magic).every((char, index) => char === "?" || char === text[index]));
  if (format === undefined) return undefined;
  const { contentType, pixels } = format;
  if (pixels === undefined || head.length < HEAD_BYTES) return { contentType };
  return { contentType, pixels: pixels(new DataView(head.buffer, head.byteOffset, head.length)) };
}
