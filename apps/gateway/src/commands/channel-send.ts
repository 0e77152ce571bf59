import { randomUUID } from "node:crypto";
import type { Channel, SendReceipt } from "@revka/core";
import { Option, type Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { KNOWN_CHANNELS } from "../registry.ts";
import type { CommandIo } from "./command-io.ts";
import { openChannels } from "./open-channels.ts";
import { readStdin } from "./read-stdin.ts";
import { isDebug, reportError } from "./report-error.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";

interface SendOptions {
  readonly channelId: string;
  readonly recipient?: string;
  readonly json?: true;
}

/** `revka channel send`: one message, without an agent. */
export function registerChannelSend(channel: Command, io: CommandIo): void {
  channel
    .command("send")
    .description("send one message")
    .argument("<message>", 'the text; "-" reads it from standard input')
    .requiredOption("--channel-id <name>", "the channel's section, e.g. mochat")
    .option("--recipient <target>", "the user or conversation; not needed where a channel has only one place to write to")
    .addOption(new Option("--json", "the outcome as JSON"))
    .action((message: string, options: SendOptions, command: Command) => withConfig(command, io, (run) => send(run, message, options)));
}
