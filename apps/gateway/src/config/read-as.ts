import type { FieldDefinition } from "@revka/core";

const LIST = /^\[(.*)\]$/s;
const QUOTES = /^(?:"(.*)"|'(.*)')$/s;

/**
 * Reads a text from outside TOML, e.g. an environment variable, as a value of a field's type.
 *
 * What does not fit stays text, so that the field's schema reports it. A list is comma-separated; as it stands in the file,
 * `["a", "b"]`, it is taken too.
 */
export function readAs(type: FieldDefinition["type"], text: string): unknown {
  const trimmed = text.trim();
  switch (type) {
    case "boolean":
      return trimmed === "true" ? true : trimmed === "false" ? false : text;
    case "integer":
    case "number":
      return /^[+-]?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : text;
    case "string-list":
      return bare(trimmed, LIST).split(",").map((item) => bare(item.trim(), QUOTES)).filter((item) => item !== "");
    default:
      return text;
  }
}

/** What stands between the signs of `around`, or the whole text where they are not there. */
function bare(text: string, around: RegExp): string {
  const [, first, second] = around.exec(text) ?? [];
  return first ?? second ?? text;
}
