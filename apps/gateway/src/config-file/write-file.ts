import { chmod, copyFile, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const OWNER_ONLY = { file: 0o600, folder: 0o700 } as const;

/** What was written. */
export interface WrittenFile {
  /** Where the text that stood there before is kept; undefined where there was none. */
  readonly backup?: string;
}

/**
 * Replaces a file as a whole, so that a reader or a crash meets either the old text or the new one: written beside it,
 * forced to disk, renamed. Only its owner may read it; the text before is kept as `<name>.bak`. Where a link stands, the
 * file it leads to is replaced: people keep their configuration among their dotfiles.
 *
 * @throws what the file system says.
 */
export async function writeConfigFile(path: string, text: string): Promise<WrittenFile> {
  const file = await realpath(path).catch(() => path);
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
  const fresh = join(folder, `.${basename(file)}.${process.pid}.tmp`);
  try {
    await writeThrough(fresh, text);
    const backup = await keepOld(file);
    await rename(fresh, file);
    await syncFolder(folder);
    return backup === undefined ? {} : { backup };
  } finally {
    await rm(fresh, { force: true });
  }
}

async function writeThrough(path: string, text: string): Promise<void> {
  await rm(path, { force: true });
  await using handle = await open(path, "wx", OWNER_ONLY.file);
  await handle.writeFile(text);
  await handle.sync();
}

async function keepOld(file: string): Promise<string | undefined> {
  const backup = `${file}.bak`;
  try {
    await copyFile(file, backup);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  await chmod(backup, OWNER_ONLY.file);
  return backup;
}

/** Makes the rename itself survive a power cut; not every file system can. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  await handle.sync().catch(() => undefined);
}
