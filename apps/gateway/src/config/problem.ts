import type { ConfigProblem } from "@revka/core";
import { lineOf, type KeyLines } from "./key-lines.ts";

/** One thing that is wrong, and where. Safe to print: it never holds the value of a secret. */
export interface LocatedProblem {
  readonly file: string;
  /** 1-based; absent where the trouble is not in a line of the file. */
  readonly line?: number;
  /** Dotted path of the table: `"channels_config.mochat"`; `""` for the whole file. */
  readonly section: string;
  /** The key in it; `""` for the table itself. */
  readonly key: string;
  readonly found: string;
  readonly allowed: string;
  readonly hint?: string;
}

/** A file and where its keys stand. */
export interface ProblemPlace {
  readonly file: string;
  readonly lines: KeyLines;
}

/** Says where a problem of the table `section` stands. */
export function locateProblem({ path, found, allowed, hint }: ConfigProblem, section: string, { file, lines }: ProblemPlace): LocatedProblem {
  const line = lineOf(lines, path);
  return {
    file,
    ...(line !== undefined && { line }),
    section,
    key: path === section ? "" : path.slice(section === "" ? 0 : section.length + 1),
    found,
    allowed,
    ...(hint !== undefined && { hint }),
  };
}
