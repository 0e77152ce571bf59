import { createHash, randomUUID } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { LIMITS } from "./limits.ts";
import { keyOf, type QqPlace } from "./place.ts";

/** What a client announces. */
export interface PreparedFile {
  readonly fileType: number;
  readonly fileSize: number;
  readonly fileName: string;
  readonly md5: string;
  readonly sha1: string;
  readonly md5Start: string;
}

/** A piece of a file that arrives in parts. */
export interface PartSlot {
  readonly index: number;
  readonly bytes: number;
}

/** Files that arrive in parts. */
export interface Parts {
  /** @returns the upload's id and the parts that are wanted. */
  prepare(place: QqPlace, file: PreparedFile): { readonly uploadId: string; readonly slots: readonly PartSlot[] };
  /** Takes the bytes of a part; false when none is wanted. */
  put(uploadId: string, index: number, bytes: Uint8Array): boolean;
  /** Checks a part; false when it is not there, or another. */
  finish(uploadId: string, index: number, md5: string): boolean;
  /** The whole file, once; `undefined` when a part is missing or it is not what was announced. */
  take(uploadId: string, place: QqPlace): { readonly file: PreparedFile; readonly bytes: Uint8Array } | undefined;
  clear(): void;
}

interface Upload {
  readonly place: string;
  readonly file: PreparedFile;
  readonly slots: readonly PartSlot[];
  readonly expiresAt: number;
  readonly arrived: Map<number, Uint8Array>;
  readonly finished: Set<number>;
}

/** How many files may be on their way. */
const KEPT_COUNT = 5;

/** Creates {@link Parts} with nothing under way. */
export function createParts(now: () => number): Parts {
  const uploads = new Map<string, Upload>();

  function find(uploadId: string): Upload | undefined {
    const upload = uploads.get(uploadId);
    return upload !== undefined && now() < upload.expiresAt ? upload : undefined;
  }

  return {
    prepare: (place, file) => {
      const uploadId = randomUUID();
      const slots = slotsOf(file.fileSize);
      setBounded(uploads, [uploadId, { place: keyOf(place), file, slots, expiresAt: now() + LIMITS.uploadLifeMs, arrived: new Map(), finished: new Set() }], KEPT_COUNT);
      return { uploadId, slots };
    },
    put: (uploadId, index, bytes) => {
      const upload = find(uploadId);
      if (upload?.slots[index]?.bytes !== bytes.length) return false;
      upload.arrived.set(index, bytes);
      return true;
    },
    finish: (uploadId, index, md5) => {
      const upload = find(uploadId);
      const bytes = upload?.arrived.get(index);
      if (bytes === undefined || hash("md5", bytes) !== md5) return false;
      upload?.finished.add(index);
      return true;
    },
    take: (uploadId, place) => {
      const upload = find(uploadId);
      if (upload?.place !== keyOf(place) || upload.finished.size < upload.slots.length) return undefined;
      const bytes = Buffer.concat(upload.slots.map(({ index }) => upload.arrived.get(index) ?? new Uint8Array()));
      if (!isAnnounced(bytes, upload.file)) return undefined;
      uploads.delete(uploadId);
      return { file: upload.file, bytes };
    },
    clear: () => uploads.clear(),
  };
}

function slotsOf(bytes: number): readonly PartSlot[] {
  const count = Math.ceil(bytes / LIMITS.partBytes);
  return Array.from({ length: count }, (_, index) => ({ index, bytes: Math.min(LIMITS.partBytes, bytes - index * LIMITS.partBytes) }));
}

function isAnnounced(bytes: Uint8Array, { md5, sha1, md5Start }: PreparedFile): boolean {
  return hash("md5", bytes) === md5 && hash("sha1", bytes) === sha1 && hash("md5", bytes.subarray(0, LIMITS.md5SpanBytes)) === md5Start;
}

function hash(algorithm: "md5" | "sha1", bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
