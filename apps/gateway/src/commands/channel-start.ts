import type { Command } from "commander";
import { turnsAtOnce } from "../config/turns-at-once.ts";
import { EXIT } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { runGateway } from "./run-gateway.ts";
import { NO_CHANNELS, refuseUnusable, withConfig } from "./with-config.ts";

/** `revka channel start`: the channels in the foreground, for somebody who watches. */
export function registerChannelStart(channel: Command, io: CommandIo): void {
  channel
    .command("start")
    .description("run all configured channels in the foreground")
    .action((_options: unknown, command: Command) =>
      withConfig(command, io, (run) => {
        const { agent, dispatch } = run.config.settings;
        return (
          refuseUnusable(run, { code: EXIT.failure, text: NO_CHANNELS }) ??
          runGateway(run, {
            banner: ({ channels }) => [
              "🦊 Revka Channel Server",
              `  🤖 Agent:    ${agent.kind}`,
              `  📡 Channels: ${channels.map(({ name }) => name).join(", ")}`,
              "  Listening for messages... (Ctrl+C to stop)",
              `  🚦 In-flight message limit: ${dispatch.maxInFlight ?? turnsAtOnce(channels.length)}`,
              "",
            ].join("\n"),
          })
        );
      }),
    );
}
