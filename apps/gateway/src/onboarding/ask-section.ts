import type { FieldDefinition, SectionDefinition } from "@revka/core";
import { omitKeys, type Table } from "../config/table.ts";
import { askField } from "./ask-field.ts";
import type { Prompts } from "./prompts.ts";

/**
 * Asks for every key of a section that the wizard knows how to ask for; keys that stand in the file and are not asked for
 * stay.
 *
 * @returns undefined when the person gives up.
 */
export async function askSection(prompts: Prompts, { fields }: SectionDefinition, present: Table): Promise<Table | undefined> {
  let content = present;
  for (const field of fields) {
    if (!isAsked(field, fields, content)) continue;
    const answer = await askField(prompts, field, content[field.key]);
    if (answer === "gave-up") return undefined;
    content = answer === "unset" ? omitKeys(content, [field.key]) : { ...content, [field.key]: answer.value };
  }
  return content;
}

function isAsked({ isAdvanced, type, askedWhen }: FieldDefinition, fields: readonly FieldDefinition[], content: Table): boolean {
  if (isAdvanced === true || type === "table") return false;
  if (askedWhen === undefined) return true;
  const value = content[askedWhen.key] ?? fields.find(({ key }) => key === askedWhen.key)?.default;
  return value === askedWhen.is;
}
