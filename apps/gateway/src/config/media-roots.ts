import { dirname, resolve } from "node:path";
import type { ConfigProblem } from "@revka/core";

/** What roots are judged by. */
export interface RootsPlace {
  /** The configuration's folder: relative roots begin here. */
  readonly folder: string;
  /** The user's home folder, `~`. */
  readonly home: string;
}

/** The folders that `roots` name, absolute. */
export function absoluteRoots(roots: readonly string[], { folder, home }: RootsPlace): string[] {
  return roots.map((root) => resolve(folder, root.replace(/^~(?=\/|$)/, home)));
}

/** What is wrong with these absolute roots: each must be a folder whose files are meant to be sent. */
export function rootProblems(roots: readonly string[], { folder, home }: RootsPlace): ConfigProblem[] {
  const closed = new Map([[folder, "the configuration's folder"], [home, "the home folder"]]);
  return roots.flatMap((root) => {
    const found = dirname(root) === root ? "the root of the file system" : closed.get(root);
    return found === undefined ? [] : [{ path: "media.roots", found: `${found} (${root})`, allowed: "folders that hold nothing but what agents may send" }];
  });
}
