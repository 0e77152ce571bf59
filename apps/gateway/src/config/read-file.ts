import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";

/** A file as it was read. */
export interface FileText {
  readonly text: string;
  /** Somebody beside its owner may read it. */
  readonly isShared: boolean;
}

/** A file that could not be read; `reason` is safe to print. */
export interface Unreadable {
  readonly reason: string;
  readonly isMissing: boolean;
}

const MAX_BYTES = 1024 * 1024;
const OTHERS_MAY_READ = 0o044;

/** Reads a file of up to 1 MiB as UTF-8; a byte order mark is cut. */
export function readTextFile(path: string): FileText | Unreadable {
  try {
    const descriptor = openSync(path, "r");
    try {
      const { size, mode } = fstatSync(descriptor);
      if (size > MAX_BYTES) return { reason: `it is larger than ${MAX_BYTES} bytes`, isMissing: false };
      const text = readFileSync(descriptor, "utf8").replace(/^\uFEFF/, "");
      return { text, isShared: process.platform !== "win32" && (mode & OTHERS_MAY_READ) !== 0 };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return { reason: code, isMissing: code === "ENOENT" };
  }
}

/** Whether `path` is a folder that exists. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
