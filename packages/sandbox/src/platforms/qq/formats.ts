/** What `file_type` says. */
export const FILE_TYPE = { image: 1, video: 2, voice: 3, file: 4 } as const;

interface Signature {
  /** Where it begins. */
  readonly at: number;
  readonly hex: string;
}

/** How files begin, of each type that is not any file ("message/rich-media"). */
const SIGNATURES: ReadonlyMap<number, readonly Signature[]> = new Map([
  // png, jpg, gif, bmp, webp
  [FILE_TYPE.image, [{ at: 0, hex: "89504e47" }, { at: 0, hex: "ffd8ff" }, { at: 0, hex: "47494638" }, { at: 0, hex: "424d" }, { at: 8, hex: "57454250" }]],
  // mp4
  [FILE_TYPE.video, [{ at: 4, hex: "66747970" }]],
  // silk with the byte that only QQ writes, wav, ogg, mp3 with and without a tag
  [FILE_TYPE.voice, [
    { at: 0, hex: "02232153494c4b5f5633" }, { at: 8, hex: "57415645" }, { at: 0, hex: "4f676753" }, { at: 0, hex: "494433" },
    ...["fffb", "fffa", "fff3", "fff2", "ffe3"].map((hex) => ({ at: 0, hex })),
  ]],
]);

/** Whether bytes are of a `file_type`; any are a file. */
export function isOfType(bytes: Uint8Array, fileType: number): boolean {
  const signatures = SIGNATURES.get(fileType);
  return signatures?.some(({ at, hex }) => Buffer.from(bytes.subarray(at, at + hex.length / 2)).toString("hex") === hex) ?? true;
}
