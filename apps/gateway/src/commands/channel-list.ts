import type { Command } from "commander";
import { factsOf, type ChannelFacts } from "../channel-facts.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { ProxyFor } from "../config/proxy-policy.ts";
import { reportText } from "../config/report.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { KNOWN_CHANNELS } from "../registry.ts";
import type { CommandIo } from "./command-io.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";

/** How one channel stands in the list. */
interface ListedChannel {
  readonly name: string;
  readonly displayName: string;
  readonly region: string;
  readonly mode: string;
  readonly inboundPort?: string;
  /** `"unavailable"`: configured, but it cannot start here; `"invalid"`: its section has problems. */
  readonly state: "configured" | "invalid" | "unavailable" | "not configured";
  /** Why it is unavailable. */
  readonly reason?: string;
  readonly facts?: ChannelFacts;
}

const REASONS = { disabled: "disabled in this build", "not-installed": "not installed", broken: "does not load", proxy: "no valid proxy" } as const;
const SIGNS = { configured: "✅", invalid: "❌", unavailable: "⚠️ ", "not configured": "❌" } as const;

/** `revka channel list`: every channel there is, and how it stands. */
export function registerChannelList(channel: Command, io: CommandIo): void {
  channel
    .command("list")
    .description("show all channels and whether they are configured")
    .option("--verbose", "with region, inbound port, proxy and allowlist")
    .option("--json", "as JSON")
    .action((options: { verbose?: true; json?: true }, command: Command) => withConfig(command, io, (run) => list(run, options)));
}

function list({ io, config, proxyFor }: ConfiguredRun, { verbose, json }: { verbose?: true; json?: true }): ExitCode {
  const channels = listChannels(config, proxyFor);
  const isUnreadable = config.problems.some(({ section, key }) => section === "" && key === "");
  if (json) io.stdout.write(`${JSON.stringify({ channels, problems: config.problems }, undefined, 2)}\n`);
  else io.stdout.write(`${render(channels, config, verbose === true).join("\n")}\n`);
  return isUnreadable && config.hasFile ? EXIT.config : EXIT.ok;
}

/** The known channels in their order, then those of plugins. */
function listChannels(config: LoadedConfig, proxyFor: ProxyFor): ListedChannel[] {
  const known = KNOWN_CHANNELS.map(({ section, displayName, region, receiveMode, inboundPort }) => ({
    ...{ name: section, displayName, region, mode: receiveMode, inboundPort },
    ...stateOf(section, config, proxyFor),
  }));
  const plugged = [...config.sections.values()]
    .filter(({ section }) => !KNOWN_CHANNELS.some((channel) => channel.section === section.name))
    .map(({ section: { name, displayName, region, receiveMode } }) => ({ name, displayName, region, mode: receiveMode, ...stateOf(name, config, proxyFor) }));
  return [...known, ...plugged];
}

function stateOf(name: string, { sections, skipped, problems }: LoadedConfig, proxyFor: ProxyFor): Pick<ListedChannel, "state" | "reason" | "facts"> {
  const configured = sections.get(name);
  if (configured !== undefined) return { state: "configured", facts: factsOf(configured, proxyFor) };
  const skip = skipped.find(({ section }) => section === name);
  if (skip !== undefined) return { state: "unavailable", reason: REASONS[skip.reason] };
  return { state: problems.some(({ section }) => section === `channels_config.${name}`) ? "invalid" : "not configured" };
}

function render(channels: readonly ListedChannel[], config: LoadedConfig, isVerbose: boolean): string[] {
  return [
    "Channels:",
    ...channels.map((channel) => `  ${SIGNS[channel.state]} ${line(channel, isVerbose)}`.trimEnd()),
    ...config.skipped.map(({ message }) => `  ${message}`),
    ...(config.problems.length > 0 ? ["", reportText(config.file, config.problems)] : []),
    "",
    "To start channels: revka channel start",
    "To check health:    revka channel doctor",
    `To configure:      revka onboard, or edit ${config.file}`,
  ];
}

function line({ displayName, mode, region, inboundPort, state, reason, facts }: ListedChannel, isVerbose: boolean): string {
  const columns = [displayName.padEnd(16), mode.padEnd(30), reason ?? (state === "configured" ? "" : state)];
  if (!isVerbose) return columns.join(" ");
  const users = facts?.allowedUsers === "*" ? "everybody (*)" : facts?.allowedUsers;
  const details = [
    `region ${region}`,
    ...(inboundPort === undefined ? [] : [`inbound port: ${inboundPort}`]),
    ...(facts === undefined ? [] : [`proxy ${facts.proxy}`]),
    ...(users === undefined ? [] : [`allowed users: ${users}`]),
  ];
  return [...columns.with(-1, columns.at(-1)?.padEnd(21) ?? ""), details.join(", ")].join(" ");
}
