import { firstSet, type Environment } from "../config/environment.ts";
import type { LogSettings } from "../config/settings.ts";
import { LOG_LEVELS } from "../config/shared-tables.ts";

/** A level, and what to say about how it came about. */
export interface LevelChoice {
  readonly level: LogSettings["level"];
  readonly warnings: readonly string[];
}

/** Whether a word is a level. */
export function isLogLevel(word: string | undefined): word is LogSettings["level"] {
  return LOG_LEVELS.some((level) => level === word);
}

/** `--log-level` goes before `REVKA_LOG`, that before the file. A wrong `REVKA_LOG` is not worth refusing to start. */
export function chooseLogLevel(option: string | undefined, environment: Environment, file: LogSettings["level"]): LevelChoice {
  if (isLogLevel(option)) return { level: option, warnings: [] };
  const variable = firstSet(environment, ["REVKA_LOG"])?.value;
  if (variable === undefined) return { level: file, warnings: [] };
  if (isLogLevel(variable)) return { level: variable, warnings: [] };
  return { level: file, warnings: [`REVKA_LOG is ignored: it is none of ${LOG_LEVELS.join(", ")}`] };
}
