import type { SectionDefinition } from "@revka/core";
import { tableOr, type Table } from "../config/table.ts";
import { holdsPlainSecret, obtainKey, sealTable } from "../secrets/seal.ts";
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
export function putSection(file: ConfigFile, { name, fields }: SectionDefinition, { content, folder }: { readonly content: Table; readonly folder: string }): void {
  const isSealed = tableOr(file.root["secrets"])["encrypt"] !== false && holdsPlainSecret(content, fields);
  file.change(["channels_config", name], isSealed ? sealTable(content, fields, obtainKey(folder, file.root)) : content);
}
