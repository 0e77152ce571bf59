import type { Command } from "commander";
import { hasSection } from "../config-file/save-section.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { saveChange, withConfigFile, type ConfigChange } from "./with-config-file.ts";

/** `revka channel remove`: takes a section out of the file. */
export function registerChannelRemove(channel: Command, io: CommandIo): void {
  channel
    .command("remove")
    .description("take a channel's section out of the file; the text before is kept beside it")
    .argument("<name>", "the section, as `revka channel list --json` names it")
    .option("--yes", "without asking")
    .action((name: string, { yes }: { yes?: true }, command: Command) => withConfigFile(command, io, (change) => remove(change, name, yes === true)));
}

async function remove(change: ConfigChange, name: string, isSure: boolean): Promise<ExitCode> {
  const { io, file } = change;
  if (!hasSection(file, name)) {
    io.stderr.write(`${file.path} has no [channels_config.${name}].\n`);
    return EXIT.failure;
  }
  const prompts = isSure ? undefined : await io.openPrompts();
  if (!isSure && prompts === undefined) {
    io.stderr.write(`There is no terminal to ask on. To remove [channels_config.${name}] all the same: revka channel remove ${name} --yes\n`);
    return EXIT.usage;
  }
  if (prompts !== undefined && (await prompts.confirm({ message: `Remove [channels_config.${name}] from ${file.path}?`, initialValue: false })) !== true) {
    io.stdout.write("Nothing was changed.\n");
    return EXIT.failure;
  }
  file.change(["channels_config", name], undefined);
  await saveChange(change, `Removed [channels_config.${name}]`);
  return EXIT.ok;
}
