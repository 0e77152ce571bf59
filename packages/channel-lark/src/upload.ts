import { isChannelError, TransientError } from "@revka/core";
import * as v from "valibot";
import type { LarkApi } from "./api.ts";
import { LIMITS } from "./limits.ts";

/** A file that is uploaded and then shown by its key. */
export interface Upload {
  /** The kind of message that shows it. */
  readonly msgType: "image" | "file" | "audio" | "media";
  /** What the platform files it as; a message of another kind cannot show it. */
  readonly fileType: "image" | "opus" | "mp4" | "pdf" | "doc" | "xls" | "ppt" | "stream";
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly mediaType?: string;
}

const keySchema = v.union([
  v.pipe(v.object({ image_key: v.string() }), v.transform(({ image_key }) => image_key)),
  v.pipe(v.object({ file_key: v.string() }), v.transform(({ file_key }) => file_key)),
]);

/** Uploads a file and gives its key; a repeated upload shows nothing to anybody. */
export async function uploadFile(api: LarkApi, upload: Upload, signal?: AbortSignal): Promise<string> {
  const path = upload.fileType === "image" ? "im/v1/images" : "im/v1/files";
  const call = { form: formOf(upload), timeoutMs: LIMITS.mediaTimeoutMs, signal };
  const data = v.safeParse(keySchema, await api.call("POST", path, call).catch(rethrowRepeatable));
  if (!data.success) throw new TransientError("Lark: the upload gave no key");
  return data.output;
}

function formOf({ fileType, bytes, name, mediaType }: Upload): FormData {
  const form = new FormData();
  const blob = new Blob([bytes], mediaType === undefined ? {} : { type: mediaType });
  if (fileType === "image") {
    form.append("image_type", "message");
    form.append("image", blob, name);
    return form;
  }
  form.append("file_type", fileType);
  form.append("file_name", name);
  const durationMs = fileType === "opus" ? oggDurationMs(bytes) : undefined;
  if (durationMs !== undefined) form.append("duration", String(durationMs));
  form.append("file", blob, name);
  return form;
}

/** Where an Ogg page says how many samples end with it. */
const GRANULE_OFFSET = 6;
const OPUS_SAMPLES_PER_MS = 48n;

/** How long a voice is, by its last page; clients show no length that they are not told. */
function oggDurationMs(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const page = buffer.lastIndexOf("OggS");
  if (page < 0 || page + GRANULE_OFFSET + 8 > buffer.length) return undefined;
  const durationMs = Number(buffer.readBigInt64LE(page + GRANULE_OFFSET) / OPUS_SAMPLES_PER_MS);
  return durationMs > 0 && durationMs < 86_400_000 ? durationMs : undefined;
}

/** An upload whose outcome is unknown has certainly shown nothing: it may be repeated. */
function rethrowRepeatable(error: unknown): never {
  if (isChannelError(error) && error.code === "unknown-outcome") {
    throw new TransientError(error.message, { cause: error, ...(error.channel !== undefined && { channel: error.channel }) });
  }
  throw error;
}
