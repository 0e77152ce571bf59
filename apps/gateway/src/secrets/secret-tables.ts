import type { FieldDefinition, SectionDefinition } from "@revka/core";
import { tableAt, type TablePath } from "../config-file/edit-table.ts";
import { CHANNEL_FIELDS } from "../config/channel-keys.ts";
import { dispatchTable } from "../config/dispatch-table.ts";
import { GATEWAY_TABLES } from "../config/gateway-tables.ts";
import { isTable, type Table } from "../config/table.ts";

/** A table of the file that may hold secrets. */
export interface SecretTable {
  readonly path: TablePath;
  readonly fields: readonly FieldDefinition[];
  readonly content: Table;
}

/** The tables of a file that may hold secrets: those of the channels that are installed, and our own. */
export function secretTablesOf(root: Table, sections: readonly SectionDefinition[]): readonly SecretTable[] {
  const places: { path: TablePath; fields: readonly FieldDefinition[] }[] = [
    ...sections.map(({ name, fields }) => ({ path: ["channels_config", name] satisfies TablePath, fields: [...fields, ...CHANNEL_FIELDS] })),
    ...GATEWAY_TABLES.filter((table) => table !== dispatchTable).map(({ path, fields }) => ({ path: [path] satisfies TablePath, fields })),
  ];
  return places.flatMap(({ path, fields }) => {
    const content = tableAt(root, path);
    return isTable(content) ? [{ path, fields, content }] : [];
  });
}
