import { ConfigError, parseSection, type FieldDefinition } from "@revka/core";
import type { TableDeclaration } from "../config/read-table.ts";

/** Values that no key takes all of; the first that a key refuses makes its schema say what it takes. */
const WRONG: readonly unknown[] = ["?? no", [], true];

/** The keys of a table, those of its sub-tables included, as a Markdown table. */
export function keyTable(declaration: TableDeclaration<unknown>): string {
  return ["| key | takes | default | meaning |", "| --- | --- | --- | --- |", ...rows(declaration, declaration)].join("\n");
}

/** Some keys of a table, and what is said of the sub-table that they are in. */
interface KeyGroup {
  readonly fields: readonly FieldDefinition[];
  readonly above?: readonly string[];
  readonly about?: string;
}

function rows(declaration: TableDeclaration<unknown>, { fields, above = [], about = "" }: KeyGroup): string[] {
  return fields.flatMap((field) => {
    const keys = [...above, field.key];
    const meaning = `${about}${field.description}`;
    if (field.fields !== undefined) return rows(declaration, { fields: field.fields, above: keys, about: `${meaning} ` });
    const takes = `${allowedOf(declaration, keys) ?? NAMES[field.type]}${field.isSecret === true ? "; a secret" : ""}`;
    return [`| \`${keys.join(".")}\` | ${asText(takes)} | ${defaultOf(field)} | ${asText(meaning)} |`];
  });
}

/** What the schema says of a key when it gets something wrong; undefined for a key that it takes whatever stands there. */
function allowedOf({ path, fields, schema }: TableDeclaration<unknown>, keys: readonly string[]): string | undefined {
  const place = [path, ...keys].join(".");
  for (const wrong of WRONG) {
    try {
      parseSection(schema, keys.reduceRight<unknown>((value, key) => ({ [key]: value }), wrong), { path, fields });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const problem = error.problems.find((candidate) => candidate.path === place);
      if (problem !== undefined) return problem.allowed;
    }
  }
  return undefined;
}

const NAMES: Readonly<Record<FieldDefinition["type"], string>> = {
  string: "a string",
  url: "a URL",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  "string-list": "a list of strings",
  choice: "one of a few words",
  table: "a table",
};

function defaultOf({ isRequired, default: absent }: FieldDefinition): string {
  if (isRequired === true) return "**required**";
  return absent === undefined ? "" : `\`${JSON.stringify(absent)}\``;
}

/** Plain words as Markdown: a bar would end a cell, a star begin an emphasis, an angle a tag. */
export function asText(words: string): string {
  return words.replaceAll(/[|*<]/g, "\\$&");
}
