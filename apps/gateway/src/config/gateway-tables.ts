import { dispatchTable } from "./dispatch-table.ts";
import { mediaTable, multimodalTable } from "./media-tables.ts";
import { opsTable } from "./ops-table.ts";
import { proxyTable } from "./proxy-table.ts";
import type { TableDeclaration } from "./read-table.ts";
import { agentTable, logTable, stateTable } from "./shared-tables.ts";
import { transcriptionTable } from "./transcription-table.ts";

/** Every table that a file may have beside the channels' own. */
export const GATEWAY_TABLES: readonly TableDeclaration<unknown>[] = [dispatchTable, agentTable, multimodalTable, mediaTable, transcriptionTable, logTable, stateTable, opsTable, proxyTable];
