import { Option, type Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { connectTo, findDaemon, type DaemonClient, type DaemonHealth } from "../ops/daemon-client.ts";
import { KNOWN_CHANNELS } from "../registry.ts";
import { readVersion } from "../version.ts";
import type { CommandIo } from "./command-io.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";

interface StatusOptions {
  readonly format?: "exit-code";
  readonly json?: true;
}

/** One channel, as the file and the daemon have it. */
interface ChannelLine {
  readonly name: string;
  readonly displayName: string;
  readonly isConfigured: boolean;
  /** What the running daemon says of it. */
  readonly live?: string;
  readonly error?: string;
}

/** `revka status`: what is configured and whether it runs. */
export function registerStatus(program: Command, io: CommandIo): void {
  program
    .command("status")
    .description("show versions, paths, the daemon and the channels")
    .addOption(new Option("--format <format>", "exit-code: print nothing, end with 0 while the daemon is well, else 1").choices(["exit-code"]))
    .option("--json", "as JSON")
    .action((options: StatusOptions, command: Command) => withConfig(command, io, (run) => (options.format === "exit-code" ? answerByCode(run) : show(run, options))));
}

/** Meant for a container's health check: it asks where the daemon says it is, or where it would be. */
async function answerByCode({ config }: ConfiguredRun): Promise<ExitCode> {
  const daemon = findDaemon(config.folder) ?? connectTo(addressOf(config.settings.ops));
  return (await daemon.health()) === undefined ? EXIT.failure : EXIT.ok;
}

function addressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

async function show({ io, config, redactor }: ConfiguredRun, { json }: StatusOptions): Promise<ExitCode> {
  const daemon: DaemonClient | undefined = findDaemon(config.folder);
  const health = await daemon?.health();
  const channels = channelLines(config, health).map((line) => (line.error === undefined ? line : { ...line, error: redactor.text(line.error) }));
  const facts = { version: readVersion(), node: process.version, config: config.file, workspace: config.workspace };
  const running = health === undefined ? undefined : { pid: health.runtime.pid, uptime_seconds: health.runtime.uptime_seconds, url: daemon?.url };
  if (json === true) io.stdout.write(`${JSON.stringify({ ...facts, daemon: running ?? null, channels }, undefined, 2)}\n`);
  else {
    io.stdout.write(
      [
        `🦊 Revka ${facts.version} (Node ${facts.node})`,
        `Config:    ${facts.config}${config.hasFile ? "" : " (does not exist)"}`,
        `Workspace: ${facts.workspace}`,
        `Daemon:    ${running === undefined ? "not running" : `running (pid ${running.pid}, up ${upText(running.uptime_seconds)}, ${running.url ?? ""})`}`,
        "",
        "Channels:",
        ...channels.map(lineText),
        "",
      ].join("\n"),
    );
  }
  return EXIT.ok;
}

function channelLines({ sections, problems }: ConfiguredRun["config"], health: DaemonHealth | undefined): ChannelLine[] {
  const names = [...new Set([...KNOWN_CHANNELS.map(({ section }) => section), ...sections.keys()])];
  return names.map((name) => {
    const displayName = sections.get(name)?.section.displayName ?? KNOWN_CHANNELS.find(({ section }) => section === name)?.displayName ?? name;
    const component = health?.runtime.components[`channel:${name}`];
    const problem = problems.find(({ section }) => section === `channels_config.${name}`);
    const problemText = problem === undefined ? undefined : `${problem.key}: found ${problem.found}`;
    // A channel may be connected and have something to tell all the same.
    const error = component === undefined ? problemText : component.last_error;
    return {
      name,
      displayName,
      isConfigured: sections.has(name),
      ...(component !== undefined && { live: component.status }),
      ...(error !== undefined && { error }),
    };
  });
}

function lineText({ displayName, isConfigured, live, error }: ChannelLine): string {
  const state = isConfigured ? "✅" : "❌";
  const words = isConfigured ? "configured" : "not configured";
  return `  ${state} ${displayName.padEnd(16)} ${words}${live === undefined ? "" : `, ${live}`}${error === undefined ? "" : ` (${error})`}`;
}

function upText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}
