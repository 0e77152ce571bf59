import type { Command } from "commander";
import { checkSection } from "../config-file/check-section.ts";
import { putSection, sectionIn } from "../config-file/save-section.ts";
import { isTable, type Table } from "../config/table.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { findSection } from "./find-section.ts";
import { readStdin } from "./read-stdin.ts";
import { saveChange, withConfigFile, type ConfigChange } from "./with-config-file.ts";

/** `revka channel add`: writes a section, for scripts; people have `revka onboard`. */
export function registerChannelAdd(channel: Command, io: CommandIo): void {
  channel
    .command("add")
    .description("write a channel's section; keys that it has already and that are not named stay")
    .argument("<name>", "the section, as `revka channel list --json` names it")
    .argument("<json>", 'its keys, e.g. {"allowed_users":["*"],"proxy_url":"direct"}; "-" reads them from standard input')
    .action((name: string, json: string, _options: unknown, command: Command) => withConfigFile(command, io, (change) => add(change, name, json)));
}

async function add(change: ConfigChange, name: string, argument: string): Promise<ExitCode> {
  const { io, config, file } = change;
  const section = findSection(change, name);
  if (typeof section === "number") return section;
  const keys = parseKeys(argument === "-" ? await readStdin(io.stdin) : argument);
  if (keys === undefined) {
    io.stderr.write('The keys are no JSON object. An example: {"allowed_users":["*"]}\n');
    return EXIT.usage;
  }
  const content = { ...sectionIn(file, name), ...keys };
  const { problems } = checkSection({ section, content, place: config, environment: io.environment });
  if (problems.length > 0) {
    const lines = problems.map(({ path, found, allowed, hint }) => `  ${path}: found ${found}, allowed is ${allowed}${hint === undefined ? "" : `; ${hint}`}`);
    io.stderr.write(`Nothing was written, there is something wrong:\n${lines.join("\n")}\n`);
    return EXIT.config;
  }
  putSection(file, section, { content, folder: config.folder });
  await saveChange(change, `Saved [channels_config.${name}]`);
  return EXIT.ok;
}

function parseKeys(json: string): Table | undefined {
  try {
    const keys: unknown = JSON.parse(json);
    return isTable(keys) ? keys : undefined;
  } catch {
    return undefined;
  }
}
