import { randomUUID } from "node:crypto";
import { LIMITS } from "./limits.ts";

/** A file that a user sent, as the download interface knows it. */
export interface StoredFile {
  readonly bytes: Uint8Array;
  /** Epoch ms. */
  readonly storedAt: number;
}

/** A file that the robot uploaded. */
export interface DingtalkUpload {
  readonly mediaId: string;
  readonly type: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Epoch ms. */
  readonly at: number;
}

/** The platform's file store. */
export interface Media {
  /** Keeps a user's file. @returns its download code. */
  store(bytes: Uint8Array): string;
  find(code: string): StoredFile | undefined;
  upload(file: Pick<DingtalkUpload, "type" | "name" | "bytes">): DingtalkUpload;
  readonly uploads: ReadonlyMap<string, DingtalkUpload>;
  clear(): void;
}

/** Creates an empty {@link Media}. */
export function createMedia(now: () => number): Media {
  const files = new Map<string, StoredFile>();
  const uploads = new Map<string, DingtalkUpload>();
  return {
    store: (bytes) => {
      const code = randomUUID().replaceAll("-", "");
      files.set(code, { bytes, storedAt: now() });
      makeRoom(files);
      return code;
    },
    find: (code) => files.get(code),
    upload: (file) => {
      const upload = { ...file, mediaId: `@${randomUUID().replaceAll("-", "")}`, at: now() };
      uploads.set(upload.mediaId, upload);
      makeRoom(uploads);
      return upload;
    },
    uploads,
    clear: () => {
      files.clear();
      uploads.clear();
    },
  };
}

function makeRoom(files: Map<string, { readonly bytes: Uint8Array }>): void {
  let total = [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  for (const [key, { bytes }] of files) {
    if (total <= LIMITS.keptMediaBytes && files.size <= LIMITS.keptCount) return;
    files.delete(key);
    total -= bytes.length;
  }
}
