import { choice, integerBetween, table } from "@revka/core";
import * as v from "valibot";
import { INERT_LOG_KEYS, schemasOf } from "./inert-keys.ts";
import type { TableDeclaration } from "./read-table.ts";
import type { AgentSettings, LogSettings, StateSettings } from "./settings.ts";

/** From the quietest to the most talkative. */
export const LOG_LEVELS: readonly LogSettings["level"][] = ["error", "warn", "info", "debug", "trace"];

/** `[agent]`. */
export const agentTable: TableDeclaration<AgentSettings> = {
  path: "agent",
  fields: [
    { key: "kind", type: "choice", choices: ["echo"], description: "What thinks.", default: "echo" },
    { key: "delay_ms", type: "integer", description: "How long the echo thinks.", default: 0, isAdvanced: true },
  ],
  schema: v.pipe(
    table({ kind: choice(["echo"]), delay_ms: integerBetween(0, 600_000, 0) }),
    v.transform((section) => ({ kind: section.kind ?? "echo", delayMs: section.delay_ms, isConfigured: section.kind !== undefined })),
  ),
};

/** `[log]`. */
export const logTable: TableDeclaration<LogSettings> = {
  path: "log",
  fields: [
    { key: "level", type: "choice", choices: LOG_LEVELS, description: "What is logged: this and whatever is more serious.", default: "info" },
    { key: "format", type: "choice", choices: ["pretty", "json"], description: "By default pretty on a terminal, else JSON lines." },
    ...INERT_LOG_KEYS.map(({ field }) => field),
  ],
  schema: v.pipe(
    table({ ...schemasOf(INERT_LOG_KEYS), level: choice(LOG_LEVELS, "info"), format: choice(["pretty", "json"]) }),
    v.transform(({ level, format }) => ({ level, format })),
  ),
};

/** `[state]`. */
export const stateTable: TableDeclaration<StateSettings> = {
  path: "state",
  fields: [
    {
      key: "synchronous",
      type: "choice",
      choices: ["normal", "full"],
      description: "normal survives a crash of the process, full also a power cut.",
      default: "normal",
    },
  ],
  schema: table({ synchronous: choice(["normal", "full"], "normal") }),
};
