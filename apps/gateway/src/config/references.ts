import { resolve } from "node:path";
import type { Environment } from "./environment.ts";
import { readTextFile } from "./read-file.ts";

/** Where `${NAME}` and `${file:PATH}` are looked up. */
export interface ReferenceSources {
  readonly environment: Environment;
  /** Relative paths begin here. */
  readonly folder: string;
}

/** A text with its references replaced, or what is wrong with the first that cannot be. */
export type Resolution = { readonly text: string } | { readonly found: string; readonly allowed: string };

const REFERENCE = /\$\$\{|\$\{([^}]*)(\})?/g;
const NAME = /^[A-Za-z_]\w*$/;

/** Replaces each `${NAME}` by the variable and each `${file:PATH}` by the file's text without its last line end; `$${` is a plain `${`. */
export function resolveReferences(text: string, sources: ReferenceSources): Resolution {
  let failure: Resolution | undefined;
  const resolved = text.replace(REFERENCE, (whole, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return "${";
    const value = end === undefined ? malformed() : look(name, sources);
    if (typeof value === "string") return value;
    failure ??= value;
    return whole;
  });
  return failure ?? { text: resolved };
}

/** Whether the text is nothing but one reference, so that its value takes the type of the key. */
export function isReference(text: string): boolean {
  return /^\$\{[^}]+\}$/.test(text.trim());
}

function look(name: string, sources: ReferenceSources): string | Resolution {
  if (name.startsWith("file:")) return lookIntoFile(resolve(sources.folder, name.slice("file:".length).trim()));
  if (!NAME.test(name)) return malformed();
  return sources.environment[name] ?? { found: `a reference to ${name}, which is not set`, allowed: "a reference to a variable that is set" };
}

function lookIntoFile(path: string): string | Resolution {
  const file = readTextFile(path);
  if ("text" in file) return file.text.replace(/\r?\n$/, "");
  return { found: `a reference to the file ${path}, which cannot be read (${file.reason})`, allowed: "a reference to a file that can be read" };
}

/** The text itself is not shown: it may be a secret that has `${` in it by chance. */
function malformed(): Resolution {
  return { found: "a malformed reference", allowed: "${NAME} or ${file:PATH}; write $${ for a plain ${" };
}
