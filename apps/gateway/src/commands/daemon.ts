import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { runGateway } from "./run-gateway.ts";
import { NO_CHANNELS, refuseUnusable, withConfig } from "./with-config.ts";

/** `revka daemon`: the gateway as a service. Without a channel it ends with 78, so that a service manager does not try again. */
export function registerDaemon(program: Command, io: CommandIo): void {
  program
    .command("daemon")
    .description("run the gateway as a service: all configured channels, supervised, until SIGTERM")
    .action((_options: unknown, command: Command) =>
      withConfig(command, io, (run) => {
        const agent = run.config.settings.agent.kind;
        return (
          refuseUnusable(run, { code: EXIT.config, text: NO_CHANNELS }) ??
          runGateway(run, ({ channels }) =>
            [
              "🧠 Revka daemon started",
              `   Components: agent (${agent}), channels (${channels.map(({ name }) => name).join(", ")})`,
              "   Ctrl+C or SIGTERM to stop",
              "",
            ].join("\n"),
          )
        );
      }),
    );
}
