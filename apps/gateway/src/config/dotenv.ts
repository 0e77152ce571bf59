import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Environment } from "./environment.ts";
import { readTextFile } from "./read-file.ts";

/** The environment, and what to say about how it came about. */
export interface EnvironmentReading {
  readonly environment: Environment;
  readonly warnings: readonly string[];
}

/** Adds the variables of `<workspace>/.env` to the environment, which wins; a file that others may read is left alone. */
export function withDotenv(environment: Environment, workspace: string): EnvironmentReading {
  const path = join(workspace, ".env");
  const file = readTextFile(path);
  if ("reason" in file) {
    return { environment, warnings: file.isMissing ? [] : [`${path} is ignored: it cannot be read (${file.reason})`] };
  }
  if (file.isShared) return { environment, warnings: [`${path} is ignored: others may read it; run chmod 600 ${path}`] };
  return { environment: { ...parseEnv(file.text), ...environment }, warnings: [] };
}
