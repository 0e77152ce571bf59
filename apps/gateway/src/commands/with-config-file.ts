import type { Command } from "commander";
import { openConfigFile, type ConfigFile } from "../config-file/config-file.ts";
import type { WrittenFile } from "../config-file/write-file.ts";
import { loadConfig } from "../config/load.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { ExitCode } from "../exit-codes.ts";
import { createRedactor } from "@revka/core";
import type { CommandIo } from "./command-io.ts";
import { isDebug, reportError } from "./report-error.ts";

/** What a command works with that changes the configuration. */
export interface ConfigChange {
  readonly io: CommandIo;
  /** As it was loaded, problems and all: a change may be what mends them. */
  readonly config: LoadedConfig;
  readonly file: ConfigFile;
}

/** Runs a command that changes the configuration file. What it throws is told with secrets hidden. */
export async function withConfigFile(command: Command, io: CommandIo, run: (change: ConfigChange) => Promise<ExitCode> | ExitCode): Promise<void> {
  const { config: option, logLevel } = command.optsWithGlobals<{ config?: string; logLevel?: string }>();
  const { environment, home, importModule, programPath } = io;
  const config = await loadConfig({ option, environment, home, importModule, programPath });
  try {
    io.setExitCode(await run({ io, config, file: openConfigFile(config.file) }));
  } catch (error) {
    io.setExitCode(reportError(error, { stderr: io.stderr, redactor: createRedactor(config.secrets), isDebug: isDebug(logLevel) }));
  }
}

/** Writes the file and says so; `what` is what was done, e.g. `Saved [channels_config.qq]`. */
export async function saveChange({ io, file }: ConfigChange, what: string): Promise<WrittenFile> {
  const written = await file.save();
  const { backup } = written;
  io.stdout.write(`${what} in ${file.path}${backup === undefined ? "" : ` (the text before: ${backup})`}. A running daemon applies it by itself; if none runs, or it says otherwise, restart \`revka daemon\` to apply it.\n`);
  return written;
}
