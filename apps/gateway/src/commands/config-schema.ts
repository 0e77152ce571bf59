import type { Command } from "commander";
import { createConfigSchema } from "../config-view/json-schema.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";

/** `revka config schema`: what the file may hold, for editors; with the sections of every channel that is installed. */
export function registerConfigSchema(config: Command, io: CommandIo): void {
  config
    .command("schema")
    .description("print the JSON Schema (2020-12) of the file; an editor finds it by a first line like: #:schema ./config.schema.json")
    .action((_options: unknown, command: Command) => withConfig(command, io, print));
}

function print({ io, config }: ConfiguredRun): ExitCode {
  io.stdout.write(`${JSON.stringify(createConfigSchema(config.tables, config.available), undefined, 2)}\n`);
  return EXIT.ok;
}
