import type { Command } from "commander";
import { reportText } from "../config/report.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";

/** `revka config check`: everything that is wrong with the configuration, at once. */
export function registerConfigCheck(config: Command, io: CommandIo): void {
  config
    .command("check")
    .description("tell every problem of the configuration; exit code 78 when there is one")
    .option("--json", "as JSON")
    .action((options: { json?: true }, command: Command) => withConfig(command, io, (run) => check(run, options)));
}

function check({ io, config }: ConfiguredRun, { json }: { json?: true }): ExitCode {
  const { file, problems, warnings, skipped } = config;
  const channels = [...config.sections.keys()];
  if (json) {
    const withoutErrors = skipped.map(({ section, reason, message }) => ({ section, reason, message }));
    io.stdout.write(`${JSON.stringify({ file, ok: problems.length === 0, channels, problems, warnings, skipped: withoutErrors }, undefined, 2)}\n`);
  } else {
    for (const sentence of [...warnings, ...skipped.map(({ message }) => message)]) io.stderr.write(`warning: ${sentence}\n`);
    const verdict = `${file} is valid; channels: ${channels.join(", ") || "none"}. A running daemon applies it by itself and says in its log what needs a restart of \`revka daemon\`.`;
    io.stdout.write(`${problems.length === 0 ? verdict : reportText(file, problems)}\n`);
  }
  return problems.length === 0 ? EXIT.ok : EXIT.config;
}
