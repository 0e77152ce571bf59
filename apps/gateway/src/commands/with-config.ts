import { createRedactor, type Redactor } from "@revka/core";
import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { createProxyFor, type ProxyFor } from "../config/proxy-policy.ts";
import { reportText } from "../config/report.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { howToBegin } from "./how-to-begin.ts";
import { isDebug, reportError } from "./report-error.ts";

/** What a configuration without channels is told. */
export const NO_CHANNELS = "No channels configured. Run revka onboard to set up channels.";

/** What a command works with once the configuration is loaded. */
export interface ConfiguredRun {
  readonly io: CommandIo;
  readonly config: LoadedConfig;
  readonly redactor: Redactor;
  readonly proxyFor: ProxyFor;
  /** Reads the configuration anew, from the same place. */
  readonly load: () => Promise<LoadedConfig>;
  /** `--log-level`, checked by the parser. */
  readonly logLevel: string | undefined;
}

/** Loads the configuration, runs the command and sets its exit code. What it throws is told with secrets hidden. */
export async function withConfig(command: Command, io: CommandIo, run: (configured: ConfiguredRun) => Promise<ExitCode> | ExitCode): Promise<void> {
  const { config: option, logLevel } = command.optsWithGlobals<{ config?: string; logLevel?: string }>();
  const { environment, home, importModule, programPath } = io;
  const load = (): Promise<LoadedConfig> => loadConfig({ option, environment, home, importModule, programPath });
  const config = await load();
  const redactor = createRedactor(config.secrets);
  try {
    io.setExitCode(await run({ io, config, redactor, proxyFor: createProxyFor(config.settings.proxy), load, logLevel }));
  } catch (error) {
    io.setExitCode(reportError(error, { stderr: io.stderr, redactor, isDebug: isDebug(logLevel) }));
  }
}

/**
 * Says why nothing can be done with this configuration; undefined when something can.
 *
 * @param whenEmpty - the exit code and the words for a configuration without any channel, which is right as such.
 */
export function refuseUnusable({ io, config }: ConfiguredRun, whenEmpty: { readonly code: ExitCode; readonly text: string }): ExitCode | undefined {
  if (config.sections.size > 0) return undefined;
  if (!config.hasFile && config.problems.length === 1) {
    io.stderr.write(`There is no configuration yet: ${config.file} does not exist.\n\n${howToBegin(config.file, config.available)}\n`);
    return EXIT.config;
  }
  for (const { message } of config.skipped) io.stderr.write(`${message}\n`);
  if (config.problems.length > 0) io.stderr.write(`${reportText(config.file, config.problems)}\n`);
  if (config.problems.length > 0 || config.skipped.length > 0) return EXIT.config;
  io.stdout.write(`${whenEmpty.text}\n\n${howToBegin(config.file, config.available)}\n`);
  return whenEmpty.code;
}
