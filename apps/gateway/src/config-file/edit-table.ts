import { isDeepStrictEqual } from "node:util";
import { parse as parseForPatch, patch } from "@decimalturn/toml-patch";
import { isTable, omitKeys, tableOr, type Table } from "../config/table.ts";
import { findTable } from "./table-span.ts";
import { parseToml } from "./toml.ts";

/** The names that lead to a table from the top of the file, e.g. `["channels_config", "qq"]`. */
export type TablePath = readonly [string, ...string[]];

/** TOML 1.0 as every reader takes it: tables under headers of their own, no comma after a last item. */
const FORMAT = { inlineTableStart: 3, trailingComma: false, bracketSpacing: false } as const;

/**
 * Gives a configuration's text with one table changed, added at the end, or removed.
 *
 * Every byte outside the table stays: comments, order, line ends, tables that we do not know. Inside it what is not
 * changed stays as well, comments included. A table that is written inline or with dotted keys makes the whole text be
 * patched, which still keeps comments and values.
 *
 * @param text - valid TOML.
 * @param content - the table with its sub-tables; undefined removes it.
 * @returns undefined when it is written in a way that cannot be changed safely: what came out would not say exactly what
 *   was asked for.
 */
export function editTable(text: string, path: TablePath, content: Table | undefined): string | undefined {
  const wanted = withTable(parseToml(text), path, content);
  const saysSo = (edited: string): boolean => [wanted, withoutEmptyParent(wanted, path)].some((root) => isDeepStrictEqual(parseToml(edited), root));
  return [editInPlace, patched].map((edit) => attempt(() => edit(text, path, content))).find((edited) => edited !== undefined && saysSo(edited));
}

function editInPlace(text: string, path: TablePath, content: Table | undefined): string | undefined {
  const found = findTable(text, path.join("."));
  if (found !== undefined && content === undefined) return text.slice(0, found.whole.start) + text.slice(found.whole.end);
  if (found !== undefined) {
    const { start, end } = found.body;
    return text.slice(0, start) + keepingEnd(text.slice(start, end), (body) => patched(body, path, content)) + text.slice(end);
  }
  if (tableAt(parseToml(text), path) !== undefined) return undefined;
  return content === undefined ? text : append(text, path, content);
}

/** The patcher has its own mind about the end of a text. */
function keepingEnd(body: string, edit: (body: string) => string): string {
  const end = /\s*$/.exec(body)?.[0] ?? "";
  return edit(body).trimEnd() + end;
}

function append(text: string, path: TablePath, content: Table): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const fresh = patched(`[${path.join(".")}]\n`, path, content).trim().replaceAll(/\r?\n/g, newline);
  const gap = text.trim() === "" ? "" : text.endsWith("\n") ? newline : newline + newline;
  return `${text}${gap}${fresh}${newline}`;
}

function patched(text: string, path: TablePath, content: Table | undefined): string {
  return patch(text, withTable(parseForPatch(text), path, content), FORMAT);
}

/** The table at a path; undefined where there is none. */
export function tableAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((table, name) => tableOr(table)[name], root);
}

function withTable(root: unknown, [name, ...rest]: readonly string[], content: Table | undefined): Table {
  const table = tableOr(root);
  if (name === undefined) return table;
  const [next, ...deeper] = rest;
  if (next !== undefined) {
    const isThere = isTable(table[name]);
    return isThere || content !== undefined ? { ...table, [name]: withTable(table[name], [next, ...deeper], content) } : table;
  }
  return content === undefined ? omitKeys(table, [name]) : { ...table, [name]: content };
}

/** A parent without a header of its own is gone with its last table. */
function withoutEmptyParent(root: Table, [parent]: TablePath): Table {
  return Object.keys(tableOr(root[parent])).length === 0 ? omitKeys(root, [parent]) : root;
}

/** A stretch that was cut in the wrong place is no TOML. */
function attempt(edit: () => string | undefined): string | undefined {
  try {
    return edit();
  } catch {
    return undefined;
  }
}
