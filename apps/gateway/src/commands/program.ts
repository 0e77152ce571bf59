import { Command, Option } from "commander";
import { LOG_LEVELS } from "../config/shared-tables.ts";
import { EXIT } from "../exit-codes.ts";
import { describeVersion } from "../version.ts";
import { registerChannelDoctor } from "./channel-doctor.ts";
import { registerChannelList } from "./channel-list.ts";
import { registerChannelSend } from "./channel-send.ts";
import { registerChannelStart } from "./channel-start.ts";
import type { CommandIo } from "./command-io.ts";
import { registerConfigCheck } from "./config-check.ts";
import { registerDaemon } from "./daemon.ts";
import { registerDemo } from "./demo.ts";
import { registerSandbox } from "./sandbox.ts";

/** The command line of `revka`. It throws commander's errors instead of ending the process. */
export function createProgram(io: CommandIo): Command {
  const program = new Command("revka")
    .description("One gateway between your agent and Lark, Feishu, DingTalk, WeCom, QQ and Mochat")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .option("-V, --version", "the versions of revka and Node, and which channel packages are installed")
    .option("--config <path>", "the configuration file or its folder (default: ~/.revka/config.toml)")
    .addOption(new Option("--log-level <level>", "how much is logged").choices(LOG_LEVELS))
    .action(async ({ version }: { version?: true }, command: Command) => {
      if (version === undefined) command.help({ error: true });
      io.stdout.write(await describeVersion(io.importModule));
      io.setExitCode(EXIT.ok);
    });
  registerDaemon(program, io);
  const channel = program.command("channel").description("start, list, check and use the channels");
  registerChannelStart(channel, io);
  registerChannelList(channel, io);
  registerChannelDoctor(channel, io);
  registerChannelSend(channel, io);
  registerConfigCheck(program.command("config").description("look after the configuration"), io);
  registerSandbox(program, io);
  registerDemo(program, io);
  return program;
}
