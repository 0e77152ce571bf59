import { InvalidArgumentError, type Command } from "commander";
import { isLoopbackHost } from "../config/ops-table.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Gateway } from "../gateway-options.ts";
import type { CommandIo } from "./command-io.ts";
import { runGateway } from "./run-gateway.ts";
import { NO_CHANNELS, refuseUnusable, withConfig, type ConfiguredRun } from "./with-config.ts";

interface DaemonOptions {
  readonly host?: string;
  readonly port?: number;
}

/** `revka daemon`: the gateway as a service. Without a channel it ends with 78, so that a service manager does not try again. */
export function registerDaemon(program: Command, io: CommandIo): void {
  program
    .command("daemon")
    .description("run the gateway as a service: all configured channels, supervised, until SIGTERM")
    .option("--host <address>", "where the operations listener listens (default: [ops] host)")
    .option("--port <number>", "its port (default: [ops] port)", parsePort)
    .action((options: DaemonOptions, command: Command) => withConfig(command, io, (run) => runDaemon(run, options)));
}

async function runDaemon(run: ConfiguredRun, { host, port }: DaemonOptions): Promise<ExitCode> {
  const { agent, ops: configured } = run.config.settings;
  const ops = { ...configured, ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
  const banner = ({ channels }: Gateway, url: string | undefined): string =>
    [
      "🧠 Revka daemon started",
      ...(url === undefined ? [] : [`   Gateway:  ${url}`]),
      `   Components: agent (${agent.kind}), channels (${channels.map(({ name }) => name).join(", ")})`,
      "   Ctrl+C or SIGTERM to stop",
      "",
    ].join("\n");
  return refuseUnusable(run, { code: EXIT.config, text: NO_CHANNELS }) ?? refusePublic(run, host) ?? (await runGateway(run, { banner, ops }));
}

/** The file's own host was checked when it was read. */
function refusePublic({ io, config }: ConfiguredRun, host: string | undefined): ExitCode | undefined {
  if (host === undefined || isLoopbackHost(host) || config.settings.ops.isPublicAllowed) return undefined;
  io.stderr.write(`--host ${host} can be reached by other machines: set allow_public_bind = true under [ops] if that is what you want.\n`);
  return EXIT.usage;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("It has to be a number from 0 to 65535.");
  return port;
}
