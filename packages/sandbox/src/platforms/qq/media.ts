import { randomBytes, randomUUID } from "node:crypto";
import type { QqBehaviour } from "./behaviour.ts";
import { LIMITS } from "./limits.ts";
import { type QqPlace, sceneOf } from "./place.ts";

/** A file that a user sent. */
export interface StoredFile {
  readonly fileId: string;
  /** The key of its link. */
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Epoch ms. */
  readonly storedAt: number;
}

/** A file that the bot uploaded. */
export interface QqUpload extends QqPlace {
  readonly fileInfo: string;
  readonly fileUuid: string;
  /** 1 image, 2 video, 3 voice, 4 file: what the bot asked for, or 4 where it is too large for that. */
  readonly fileType: number;
  /** Empty when it has none. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly via: "data" | "url" | "parts";
  /** Epoch ms. */
  readonly at: number;
  /** Epoch ms; absent when it can be sent for ever. */
  readonly expiresAt?: number;
}

/** A file that the bot uploaded, without its bytes. */
export interface QqFile extends Omit<QqUpload, "bytes"> {
  /** How many bytes it has. */
  readonly size: number;
}

/** Takes the bytes from an upload, which are kept only there. */
export function fileOf({ bytes, ...upload }: QqUpload): QqFile {
  return { ...upload, size: bytes.length };
}

/** The platform's file store. */
export interface Media {
  /** Keeps a user's file. */
  store(bytes: Uint8Array, contentType: string): StoredFile;
  /** `undefined` when there is none, or its link works no more. */
  find(fileId: string, key: string): StoredFile | undefined;
  upload(file: Pick<QqUpload, "user" | "group" | "fileType" | "name" | "bytes" | "via">): QqUpload;
  /** The upload that can be sent in the same scene as it was made for; `undefined` when there is none, or not any more. */
  findUpload(fileInfo: string, place: QqPlace): QqUpload | undefined;
  /** Makes every upload bad. */
  expireUploads(): void;
  /** Oldest first. */
  readonly uploads: readonly QqUpload[];
  clear(): void;
}

/** Creates an empty {@link Media}. */
export function createMedia(now: () => number, behaviour: () => QqBehaviour): Media {
  const files = new Map<string, StoredFile>();
  const uploads = new Map<string, QqUpload>();
  const spoilt = new Set<string>();
  return {
    store: (bytes, contentType) => {
      const file = { fileId: randomBytes(12).toString("base64url"), key: randomBytes(6).toString("base64url"), bytes, contentType, storedAt: now() };
      files.set(file.fileId, file);
      makeRoom(files);
      return file;
    },
    find: (fileId, key) => {
      const file = files.get(fileId);
      return file?.key === key && now() - file.storedAt < behaviour().attachmentLifeMs ? file : undefined;
    },
    upload: (file) => {
      const { fileTtlSecs } = behaviour();
      const upload: QqUpload = {
        ...file, fileInfo: randomBytes(24).toString("base64url"), fileUuid: randomUUID(), at: now(),
        ...(fileTtlSecs === 0 ? {} : { expiresAt: now() + (fileTtlSecs ?? LIMITS.fileTtlSecs) * 1_000 }),
      };
      uploads.set(upload.fileInfo, upload);
      makeRoom(uploads);
      for (const gone of spoilt) if (!uploads.has(gone)) spoilt.delete(gone);
      return upload;
    },
    findUpload: (fileInfo, place) => {
      const upload = spoilt.has(fileInfo) ? undefined : uploads.get(fileInfo);
      return upload !== undefined && sceneOf(upload) === sceneOf(place) && now() < (upload.expiresAt ?? Infinity) ? upload : undefined;
    },
    expireUploads: () => {
      for (const fileInfo of uploads.keys()) spoilt.add(fileInfo);
    },
    get uploads() {
      return [...uploads.values()];
    },
    clear: () => {
      for (const kept of [files, uploads, spoilt]) kept.clear();
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
