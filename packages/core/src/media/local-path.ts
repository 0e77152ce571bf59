import { constants, type Stats } from "node:fs";
import { lstat, open, readlink, realpath, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { PayloadTooLargeError } from "../contract/errors.ts";

/** A file that an agent named, read. */
export interface ConfinedFile {
  /** The last segment of the target. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file that an agent named, not read. */
export interface RefusedFile {
  /** Why, as half a sentence that never holds the path: fit for a log and a chat. */
  readonly refused: string;
}

/** How reading is bounded. */
export interface ConfinedOptions {
  /** The size of the largest file. */
  readonly maxBytes: number;
  /** Files and folders that stay closed even inside a root, e.g. the config directory; a root inside one of them is open all the same. */
  readonly forbidden?: readonly string[];
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

// One text for "not there" and "not yours": an agent must not learn what lies outside.
const NOT_FOUND = "there is no such file in the allowed folders";
const HIDDEN = "hidden files stay closed";
const FORBIDDEN = "this file stays closed";
const IRREGULAR = "it is not a regular file that can be read";
const CHANGED = "it was changed while it was opened";

/** Never follows a link that was put there after the path was resolved, never waits for a FIFO's other end. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Reads a file that an agent named, if it lies inside one of `roots` once every symbolic link is resolved.
 *
 * A relative target is relative to the first root. Hidden files and folders below a root, `file:` URLs, network paths and
 * everything but regular files are refused. What is checked is the opened file, so that a path exchanged meanwhile gains nothing.
 *
 * @throws PayloadTooLargeError when the file is larger than `maxBytes`.
 */
export async function openConfined(target: string, roots: readonly string[], options: ConfinedOptions): Promise<ConfinedFile | RefusedFile> {
  options.signal?.throwIfAborted();
  const [firstRoot] = roots;
  if (firstRoot === undefined) return { refused: NOT_FOUND };
  const malformed = refusalOfText(target);
  if (malformed !== undefined) return { refused: malformed };

  const named = path.resolve(firstRoot, target);
  const real = await resolved(named);
  if (real === undefined) return { refused: NOT_FOUND };
  const refused = await refusalOfPlace({ named, real }, roots, options.forbidden);
  if (refused !== undefined) return { refused };

  const handle = await opened(real);
  if (!handle) return { refused: IRREGULAR };
  await using file = handle;
  const stats = await file.stat();
  if (!stats.isFile()) return { refused: IRREGULAR };
  if (!(await isOpenedFrom(real, file, stats))) return { refused: CHANGED };
  if (stats.size > options.maxBytes) {
    const sizes = { limit: options.maxBytes, actual: stats.size, unit: "bytes" } as const;
    throw new PayloadTooLargeError(`The file has ${sizes.actual} bytes, ${sizes.limit} are allowed`, sizes);
  }
  return { name: path.basename(named), bytes: await readUpTo(file, stats.size, options.signal) };
}

function refusalOfText(target: string): string | undefined {
  if (target.trim() === "") return "no file is named";
  if (target.includes("\0")) return "its name holds a NUL";
  if (/^\s*file:/i.test(target)) return "file: URLs are not allowed";
  if (/^\s*[\\/]{2}/.test(target)) return "network paths are not allowed";
  return undefined;
}

/** A place as it was named, and as it is once links are resolved. */
interface Place {
  readonly named: string;
  readonly real: string;
}

async function refusalOfPlace({ named, real }: Place, roots: readonly string[], forbidden: readonly string[] = []): Promise<string | undefined> {
  const realRoots = (await Promise.all(roots.map(resolved))).filter((root) => root !== undefined);
  const inside = pathsInside(realRoots, real);
  if (inside.length === 0) return NOT_FOUND;
  if (isHidden(inside) || isHidden(pathsInside(roots.map((root) => path.resolve(root)), named))) return HIDDEN;
  const closed = await Promise.all(forbidden.map(async (place) => (await resolved(place)) ?? path.resolve(place)));
  const open = realRoots.filter((root) => pathsInside([root], real).length > 0);
  return closed.some((place) => pathsInside([place], real).length > 0 && pathsBelow(place, open).length === 0) ? FORBIDDEN : undefined;
}

/** Those of `places` that lie in `folder` and are not the folder itself. */
function pathsBelow(folder: string, places: readonly string[]): string[] {
  return places.filter((place) => place !== folder && pathsInside([folder], place).length > 0);
}

/** The segments that lead to `place` from each of `folders` that holds it, or is it; compared whole, never as text. */
function pathsInside(folders: readonly string[], place: string): string[][] {
  return folders
    .map((folder) => path.relative(folder, place))
    .filter((way) => !path.isAbsolute(way))
    .map((way) => way.split(path.sep))
    .filter(([first]) => first !== "..");
}

/** Roots may lie in each other and below hidden folders: seen from one of them is enough. */
function isHidden(ways: readonly (readonly string[])[]): boolean {
  return ways.length > 0 && ways.every((way) => way.some((segment) => segment.startsWith(".")));
}

/** The path without symbolic links; undefined when it cannot be resolved. */
function resolved(place: string): Promise<string | undefined> {
  return realpath(place).catch(() => undefined);
}

function opened(place: string): Promise<FileHandle | undefined> {
  return open(place, OPEN_FLAGS).catch(() => undefined);
}

/**
 * Whether the opened file is the one at this path, with no folder on the way exchanged for a link since. Linux tells where
 * an opened file lies; elsewhere the path is resolved once more.
 */
async function isOpenedFrom(place: string, file: FileHandle, { dev, ino }: Stats): Promise<boolean> {
  const lies = await readlink(`/proc/self/fd/${file.fd}`).catch(() => resolved(place));
  const there = await lstat(place).catch(() => undefined);
  return lies === place && there?.dev === dev && there.ino === ino;
}

/** Reads `sizeBytes`, or less when the file has shrunk; what was added meanwhile is left. */
async function readUpTo(file: FileHandle, sizeBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  let length = 0;
  while (length < sizeBytes) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, length, sizeBytes - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
