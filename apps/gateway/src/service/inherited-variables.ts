import { withDotenv } from "../config/dotenv.ts";
import type { Environment } from "../config/environment.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { effectiveKeys } from "../config-view/effective-keys.ts";

/**
 * The variables of this very environment that the configuration lives on, sorted: a service does not inherit them.
 * Those in the `.env` file of the workspace are no trouble, since the daemon reads that itself.
 */
export function inheritedVariables({ tables, lines, workspace }: Pick<LoadedConfig, "tables" | "lines" | "workspace">, environment: Environment): string[] {
  const names = tables
    .flatMap((record) => effectiveKeys(record, lines))
    .flatMap(({ origin }) => {
      if (origin.kind === "environment") return [origin.variable];
      return origin.kind === "file" ? (origin.references ?? []).map((reference) => reference.slice(2, -1)) : [];
    });
  const known = withDotenv({}, workspace).environment;
  return [...new Set(names)].filter((name) => environment[name] !== undefined && known[name] === undefined).toSorted();
}
