import type { SectionDefinition } from "@revka/core";
import { tableOr, type Table } from "../config/table.ts";
import { obtainKey, sealTable } from "../secrets/seal.ts";
import { isSecretValue } from "../secrets/secret-value.ts";
import type { ConfigFile } from "./config-file.ts";
import { tableAt } from "./edit-table.ts";

/** The table of a section as it stands in the file; empty where there is none. */
export function sectionIn({ root }: ConfigFile, section: string): Table {
  return tableOr(tableAt(root, ["channels_config", section]));
}

/** Whether the file has a table for the section. */
export function hasSection({ root }: ConfigFile, section: string): boolean {
  return tableAt(root, ["channels_config", section]) !== undefined;
}

/** Puts a section into the file, its secrets encrypted unless `[secrets] encrypt = false`; `save` writes it. */
export function putSection(file: ConfigFile, { name, fields }: SectionDefinition, content: Table, folder: string): void {
  const hasSecrets = fields.some((field) => isSecretValue(String(content[field.key] ?? ""), field) && field.key in content);
  const isSealed = hasSecrets && tableOr(file.root["secrets"])["encrypt"] !== false;
  file.change(["channels_config", name], isSealed ? sealTable(content, fields, obtainKey(folder, file.root)) : content);
}
