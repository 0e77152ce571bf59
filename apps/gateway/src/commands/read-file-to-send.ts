import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { NamedFile } from "../delivery/file-to-media.ts";
import { MediaRefusal } from "../delivery/media-refusal.ts";

/**
 * Reads the file that an operator names: any that this user may read.
 * @throws MediaRefusal when it cannot be read or is larger than `maxBytes`.
 */
export async function readFileToSend(path: string, maxBytes: number): Promise<NamedFile> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new MediaRefusal(`${path} is no file`);
    if (facts.size > maxBytes) throw new MediaRefusal(`${path} has ${facts.size} bytes, ${maxBytes} are allowed (max_outbound_mb in [media])`);
    return { name: basename(path), bytes: await readFile(path) };
  } catch (error) {
    if (error instanceof MediaRefusal) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new MediaRefusal(code === "ENOENT" ? `${path} does not exist` : `${path} cannot be read (${code})`, { cause: error });
  }
}
