import type { FieldDefinition } from "@revka/core";

/**
 * Reads a text from outside TOML, e.g. an environment variable, as a value of a field's type.
 *
 * What does not fit stays text, so that the field's schema reports it. A list is comma-separated.
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
      return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
    default:
      return text;
  }
}
