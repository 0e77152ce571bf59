import { Command, Option } from "commander";
import { LOG_LEVELS } from "../config/shared-tables.ts";
import { registerChannelAdd } from "./channel-add.ts";
import { registerChannelAllow } from "./channel-allow.ts";
import { registerChannelDoctor } from "./channel-doctor.ts";
import { registerChannelList } from "./channel-list.ts";
import { registerChannelRemove } from "./channel-remove.ts";
import { registerChannelSend } from "./channel-send.ts";
import { registerChannelSenders } from "./channel-senders.ts";
import { registerChannelStart } from "./channel-start.ts";
import type { CommandIo } from "./command-io.ts";
import { registerCompletions } from "./completions.ts";
import { registerConfigCheck } from "./config-check.ts";
import { registerConfigSchema } from "./config-schema.ts";
import { registerConfigShow } from "./config-show.ts";
import { registerDaemon } from "./daemon.ts";
import { registerDemo } from "./demo.ts";
import { registerInbox } from "./inbox.ts";
import { registerDoctor } from "./doctor.ts";
import { registerOnboard } from "./onboard.ts";
import { registerSandbox } from "./sandbox.ts";
import { registerSecrets } from "./secrets.ts";
import { registerService } from "./service.ts";
import { registerStatus } from "./status.ts";

/**
 * The command line of `revka`. It throws commander's errors instead of ending the process.
 *
 * @param version - what `--version` prints.
 */
export function createProgram(io: CommandIo, version: string): Command {
  const program = new Command("revka")
    .description("One gateway between your agent and the messaging platforms of Asia: `revka channel list` names them")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .version(version, "-V, --version", "the versions of revka and Node, and which channel packages are installed")
    .option("--config <path>", "the configuration file or its folder (default: ~/.revka/config.toml)")
    .addOption(new Option("--log-level <level>", "how much is logged").choices(LOG_LEVELS));
  registerOnboard(program, io);
  registerDaemon(program, io);
  registerStatus(program, io);
  registerDoctor(program, io);
  registerInbox(program, io);
  registerService(program, io);
  const channel = program.command("channel").description("start, list, check and use the channels");
  registerChannelStart(channel, io);
  registerChannelList(channel, io);
  registerChannelDoctor(channel, io);
  registerChannelSend(channel, io);
  registerChannelAdd(channel, io);
  registerChannelRemove(channel, io);
  registerChannelAllow(channel, io);
  registerChannelSenders(channel, io);
  const config = program.command("config").description("look after the configuration");
  registerConfigCheck(config, io);
  registerConfigShow(config, io);
  registerConfigSchema(config, io);
  registerSecrets(program, io);
  registerSandbox(program, io);
  registerDemo(program, io);
  registerCompletions(program, io);
  return program;
}
