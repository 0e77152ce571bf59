import { createKeyedQueue, isChannelError, PayloadTooLargeError, type ChannelContext } from "@revka/core";
import { createHash } from "node:crypto";
import type { QqApi, UploadedFile } from "./api.ts";
import type { Calls } from "./calls.ts";
import { CODES, isRefusedWith } from "./codes.ts";
import { LIMITS } from "./limits.ts";
import type { FileContent, FileType, QqFile } from "./outbound.ts";
import { patiently } from "./patiently.ts";
import type { Recipient } from "./recipient.ts";
import type { UploadCache } from "./upload-cache.ts";

/** A file at the platform, ready to be sent. */
export interface ReadyFile {
  readonly fileInfo: string;
  /** The platform no longer has it. */
  forget(): Promise<void>;
}

/** What uploading needs. */
export interface UploadMeans {
  readonly api: Pick<QqApi, "uploadFile">;
  readonly calls: Pick<Calls, "fetchFile">;
  readonly cache: UploadCache;
  readonly context: ChannelContext;
}

/**
 * Gives a file to the platform, unless it has it already.
 *
 * @throws PayloadTooLargeError for more than 10 MiB; PlatformError when the platform refuses it.
 */
export type UploadFile = (to: Recipient, file: QqFile, signal?: AbortSignal) => Promise<ReadyFile>;

interface FileBytes {
  readonly type: FileType;
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface SourcedFile extends Pick<QqFile, "type" | "name"> {
  readonly source: Pick<FileContent, "url" | "file_data">;
}

/**
 * Uploads files: the same one, at the same time or later, once for all people and once for all groups.
 *
 * An address is fetched by the platform; where it cannot, by us. What is no voice message or picture to the platform
 * goes as a plain file.
 */
export function createUpload({ api, calls, cache, context }: UploadMeans): UploadFile {
  const { instance: channel } = context;
  const lanes = createKeyedQueue({ maxParallel: LIMITS.uploadsInFlight, maxWaiting: LIMITS.uploadsWaiting });

  function upload(to: Recipient, { type, name, source }: SourcedFile, signal?: AbortSignal): Promise<UploadedFile> {
    const content = { file_type: type, ...source, srv_send_msg: false as const, ...(type === 4 && { file_name: name }) };
    return patiently(() => api.uploadFile(to, content, signal), { context, signal, isRepeatable: true });
  }

  async function uploadBytes(to: Recipient, file: FileBytes, signal?: AbortSignal): Promise<ReadyFile> {
    const key = keyOf(to, file);
    const ready = (fileInfo: string): ReadyFile => ({ fileInfo, forget: () => cache.forget(key) });
    const known = await cache.find(key);
    if (known !== undefined) return ready(known);
    const { fileInfo, ttlMs } = await upload(to, { ...file, source: { file_data: Buffer.from(file.bytes).toString("base64") } }, signal);
    if (ttlMs !== undefined) await cache.keep(key, fileInfo, ttlMs);
    return ready(fileInfo);
  }

  async function uploadUrl(to: Recipient, file: QqFile, { url, signal }: { readonly url: string; readonly signal: AbortSignal | undefined }): Promise<ReadyFile> {
    try {
      const { fileInfo } = await upload(to, { ...file, source: { url } }, signal);
      return { fileInfo, forget: () => Promise.resolve() };
    } catch (error) {
      if (!isRefusedWith(error, CODES.unfetched)) throw error;
    }
    try {
      const { bytes } = await calls.fetchFile(url, { maxBytes: LIMITS.fileBytes, signal });
      return await uploadBytes(to, { ...file, bytes }, signal);
    } catch (error) {
      if (isChannelError(error) && error.code === "too-large") throw tooLarge(file.name, error.actual);
      throw error;
    }
  }

  function tooLarge(name: string, actual: number): PayloadTooLargeError {
    const limit = LIMITS.fileBytes;
    return new PayloadTooLargeError(`QQ attachment too large (${actual} bytes, max ${limit}): ${name}`, { channel, limit, actual, unit: "bytes" });
  }

  async function once(to: Recipient, file: QqFile, signal?: AbortSignal): Promise<ReadyFile> {
    const { source, name } = file;
    if ("url" in source) return lanes.run(source.url, () => uploadUrl(to, file, { url: source.url, signal }), signal);
    const { bytes } = source;
    if (bytes.length > LIMITS.fileBytes) throw tooLarge(name, bytes.length);
    return lanes.run(keyOf(to, { ...file, bytes }), () => uploadBytes(to, { ...file, bytes }, signal), signal);
  }

  return async (to, file, signal) => {
    try {
      return await once(to, file, signal);
    } catch (error) {
      if (file.type === 4 || !isRefusedWith(error, CODES.badFormat)) throw error;
      return once(to, { ...file, type: 4 }, signal);
    }
  };
}

/** Files of people and of groups are apart at the platform. A plain file is shown by its name, so that belongs to it. */
function keyOf({ scene }: Recipient, { type, name, bytes }: FileBytes): string {
  const digest = createHash("sha256").update(bytes).digest("hex");
  return `${digest}:${scene === "user" ? "c2c" : "group"}:${type}:${type === 4 ? name : ""}`;
}
