import { fileURLToPath } from "node:url";
import { run, type Finished, type RunOptions } from "./run.ts";

/** The `revka` program as source: run it with `--conditions=@revka/source`. */
export const cli: string = fileURLToPath(new URL("../../apps/gateway/src/cli.ts", import.meta.url));

/** Runs the `revka` command from its sources, as a user would in a shell. */
export function revka(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run(process.execPath, ["--conditions=@revka/source", cli, ...args], options);
}
