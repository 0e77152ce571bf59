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
  let table: string[] = [];
  let isInString = false;
  for (const [index, line] of text.split("\n").entries()) {
    const header = isInString ? undefined : HEADER.exec(line)?.[1];
    const key = isInString ? undefined : ASSIGNMENT.exec(line)?.[1];
    if (header !== undefined) table = segmentsOf(header);
    const path = header !== undefined ? table : key !== undefined ? [...table, ...segmentsOf(key)] : [];
    if (path.length > 0 && !lines.has(path.join("."))) lines.set(path.join("."), index + 1);
    if ((line.match(/"""|'''/g)?.length ?? 0) % 2 === 1) isInString = !isInString;
  }
  return lines;
}

/** The line of a dotted path, or of the innermost table around it that has one. */
export function lineOf(lines: KeyLines, path: string): number | undefined {
  const line = lines.get(path);
  if (line !== undefined) return line;
  const end = path.lastIndexOf(".");
  return end === -1 ? undefined : lineOf(lines, path.slice(0, end));
}

function segmentsOf(dotted: string): string[] {
  return (dotted.match(SEGMENTS) ?? []).map((segment) => segment.replace(/^(["'])(.*)\1$/, "$2"));
}
