/** Where keys stand in a TOML text: 1-based lines by dotted path. */
export type KeyLines = ReadonlyMap<string, number>;

const SEGMENT = String.raw`(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)`;
const DOTTED = String.raw`${SEGMENT}(?:\s*\.\s*${SEGMENT})*`;
const HEADER = new RegExp(String.raw`^\s*\[\[?\s*(${DOTTED})\s*\]`);
const ASSIGNMENT = new RegExp(String.raw`^\s*(${DOTTED})\s*=`);
const SEGMENTS = new RegExp(SEGMENT, "g");

/**
 * Finds the line of each table header and each `key =`.
 *
 * The parser tells positions of syntax errors only. This is made for a text that it has accepted, and it is a best
 * effort: keys inside inline tables are not found.
 */
export function findKeyLines(text: string): KeyLines {
  const lines = new Map<string, number>();
  let table = "";
  let isInString = false;
  for (const [index, line] of text.split("\n").entries()) {
    const path = isInString ? undefined : pathIn(line, table);
    if (path !== undefined && !lines.has(path.dotted)) lines.set(path.dotted, index + 1);
    if (path?.isHeader === true) table = `${path.dotted}.`;
    if ((line.match(/"""|'''/g)?.length ?? 0) % 2 === 1) isInString = !isInString;
  }
  return lines;
}

/** The path that a line begins: of the table it opens, or of the key it sets in `table`. */
function pathIn(line: string, table: string): { dotted: string; isHeader: boolean } | undefined {
  const header = HEADER.exec(line)?.[1];
  if (header !== undefined) return { dotted: plain(header), isHeader: true };
  const key = ASSIGNMENT.exec(line)?.[1];
  return key === undefined ? undefined : { dotted: table + plain(key), isHeader: false };
}

/** A dotted key without quotes and blanks. */
function plain(dotted: string): string {
  return (dotted.match(SEGMENTS) ?? []).map((segment) => segment.replace(/^(["'])(.*)\1$/, "$2")).join(".");
}

/** The line of a dotted path, or of the innermost table around it that has one. */
export function lineOf(lines: KeyLines, path: string): number | undefined {
  const line = lines.get(path);
  if (line !== undefined) return line;
  const end = path.lastIndexOf(".");
  return end === -1 ? undefined : lineOf(lines, path.slice(0, end));
}
