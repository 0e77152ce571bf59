const MAGIC = Buffer.from("#!AMR\n");
/** Bytes of one frame by its type, header included (RFC 4867, narrow band); 0 where the type is not in use. */
const FRAME_BYTES: readonly number[] = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
const FRAME_MS = 20;

/** How long a narrow-band AMR recording plays, in ms; `undefined` when the bytes are none. */
export function amrDurationMs(bytes: Buffer): number | undefined {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  let frames = 0;
  for (let offset = MAGIC.length; offset < bytes.length; frames += 1) {
    const size = FRAME_BYTES[((bytes[offset] ?? 0) >> 3) & 0x0f] ?? 0;
    if (size === 0) return undefined;
    offset += size;
  }
  return frames * FRAME_MS;
}
