import type { Command } from "commander";
import { hasSection, sectionIn } from "../config-file/save-section.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { findSection } from "./find-section.ts";
import { saveChange, withConfigFile, type ConfigChange } from "./with-config-file.ts";

/** What becomes of a list of users. */
interface ListChange {
  readonly name: string;
  readonly ids: readonly string[];
  readonly verb: "Allowed" | "Denied";
}

/** `revka channel allow` and `deny`: who may write to a channel. */
export function registerChannelAllow(channel: Command, io: CommandIo): void {
  const register = (command: string, description: string, verb: ListChange["verb"]): void => {
    channel
      .command(command)
      .description(description)
      .argument("<name>", "the section, as `revka channel list --json` names it")
      .argument("<ids...>", "users as the platform names them; * is everybody")
      .action((name: string, ids: string[], _options: unknown, self: Command) => withConfigFile(self, io, (change) => changeList(change, { name, ids, verb })));
  };
  register("allow", "let users write to a channel", "Allowed");
  register("deny", "take users off a channel's list", "Denied");
}

async function changeList(change: ConfigChange, { name, ids, verb }: ListChange): Promise<ExitCode> {
  const { io, file } = change;
  const section = findSection(change, name);
  if (typeof section === "number") return section;
  if (!hasSection(file, name)) return refuse(io, `${file.path} has no [channels_config.${name}]: configure the channel first.`);
  const content = sectionIn(file, name);
  const { allowed_users: current = [] } = content;
  if (!Array.isArray(current)) return refuse(io, `allowed_users of [channels_config.${name}] is no list: please mend it by hand first.`);
  const before = current.map(String);
  const after = verb === "Allowed" ? [...new Set([...before, ...ids])] : before.filter((id) => !ids.includes(id));
  if (after.length === before.length) {
    io.stdout.write(`Nothing to change: ${ids.join(", ")} ${verb === "Allowed" ? "may" : "may not"} write to ${section.displayName} by name already.\n`);
  } else {
    file.change(["channels_config", name], { ...content, allowed_users: after });
    await saveChange(change, `${verb} ${ids.join(", ")} for ${section.displayName}`);
  }
  if (verb === "Denied" && after.includes("*")) io.stderr.write('The list still holds "*": everybody may write.\n');
  if (after.length === 0) io.stderr.write("The list is empty now: nobody may write.\n");
  return EXIT.ok;
}

function refuse(io: CommandIo, text: string): ExitCode {
  io.stderr.write(`${text}\n`);
  return EXIT.failure;
}
