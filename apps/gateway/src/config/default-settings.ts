import { parseSection } from "@revka/core";
import { dispatchTable } from "./dispatch-table.ts";
import { mediaTable, multimodalTable } from "./media-tables.ts";
import { proxyTable } from "./proxy-table.ts";
import type { TableDeclaration } from "./read-table.ts";
import type { Settings } from "./settings.ts";
import { agentTable, logTable, stateTable } from "./shared-tables.ts";
import { deepFreeze } from "./table.ts";

/** The settings of an empty file: what a program that makes its own gateway starts from. */
export const DEFAULT_SETTINGS: Settings = deepFreeze({
  dispatch: defaultOf(dispatchTable),
  multimodal: defaultOf(multimodalTable),
  media: defaultOf(mediaTable),
  agent: defaultOf(agentTable),
  log: defaultOf(logTable),
  state: defaultOf(stateTable),
  proxy: defaultOf(proxyTable),
  channels: {},
});

/** What a table gives when it is empty; it stands in for one with problems, too. */
export function defaultOf<T>({ path, fields, schema }: TableDeclaration<T>): T {
  return parseSection(schema, {}, { path, fields });
}
