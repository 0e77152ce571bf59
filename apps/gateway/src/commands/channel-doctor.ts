import type { Channel, Redactor } from "@revka/core";
import type { Command } from "commander";
import { problemLine } from "../config/report.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { openChannels } from "./open-channels.ts";
import { probeChannel, type ProbeResult } from "./probe-channel.ts";
import { refuseUnusable, withConfig, type ConfiguredRun } from "./with-config.ts";

/** What the probing is told. */
export interface DoctorOptions {
  readonly skipVisible?: true;
  /** Nothing but the result is printed. */
  readonly json?: true;
}

const NO_CHANNELS = "No real-time channels configured. Run revka onboard first.";

/** `revka channel doctor`: asks every platform, at the same time, whether the channel works. */
export function registerChannelDoctor(channel: Command, io: CommandIo): void {
  channel
    .command("doctor")
    .description("ask every configured platform whether the channel works; exit code 1 when one does not")
    .option("--skip-visible", "leave out checks that post something people see")
    .option("--json", "as JSON")
    .action((options: DoctorOptions, command: Command) => withConfig(command, io, (run) => examine(run, options)));
}

async function examine(run: ConfiguredRun, options: DoctorOptions): Promise<ExitCode> {
  const { io, redactor } = run;
  // A channel that cannot start here is something to tell of as well.
  const refusal = run.config.skipped.length > 0 ? undefined : refuseUnusable(run, { code: EXIT.failure, text: NO_CHANNELS });
  if (refusal !== undefined) return refusal;
  if (!options.json) io.stdout.write("🩺 Revka Channel Doctor\n\n");
  const results = (await probeAll(run, options)).map((result) => redacted(result, redactor));
  io.stdout.write(options.json ? `${JSON.stringify({ channels: results }, undefined, 2)}\n` : `${render(results)}\n`);
  return results.some(({ outcome }) => outcome === "unhealthy" || outcome === "timed out") ? EXIT.failure : EXIT.ok;
}

/** Probes every configured channel, side by side; those that cannot be probed are told of with a reason. */
export async function probeAll(run: ConfiguredRun, { skipVisible, json }: DoctorOptions): Promise<ProbeResult[]> {
  const { io, config } = run;
  const { channels, failures } = await openChannels(run);
  const probe = async (channel: Channel): Promise<ProbeResult> => {
    if (channel.probeIsVisible !== true) return probeChannel(channel, io.clock);
    if (skipVisible) return { name: channel.name, outcome: "skipped", detail: "its check posts a message that people see" };
    if (!json) io.stdout.write(`  ⚠️  ${channel.name}: the check posts a message that people see (--skip-visible leaves it out)\n`);
    return probeChannel(channel, io.clock);
  };
  return [
    ...(await Promise.all(channels.map(probe))),
    ...failures.flatMap(({ sections, error }) => sections.map((name) => unhealthy(name, error instanceof Error ? error.message : String(error)))),
    ...invalidSections(config.problems),
    ...config.skipped.map(({ section, reason, message }): ProbeResult =>
      reason === "broken" || reason === "proxy" ? unhealthy(section, message) : { name: section, outcome: "skipped", detail: message },
    ),
  ];
}

/** A channel whose section is wrong is not healthy, and its problems are the reason. */
function invalidSections(problems: ConfiguredRun["config"]["problems"]): ProbeResult[] {
  const sections = Map.groupBy(problems, ({ section }) => /^channels_config\.(.+)$/.exec(section)?.[1]);
  return [...sections].flatMap(([name, own]) => (name === undefined ? [] : [unhealthy(name, own.map(problemLine).join("; "))]));
}

function unhealthy(name: string, detail: string): ProbeResult {
  return { name, outcome: "unhealthy", detail };
}

function redacted(result: ProbeResult, redactor: Redactor): ProbeResult {
  return result.detail === undefined ? result : { ...result, detail: redactor.text(result.detail) };
}

function render(results: readonly ProbeResult[]): string {
  const count = (outcome: ProbeResult["outcome"]): number => results.filter((result) => result.outcome === outcome).length;
  const skipped = count("skipped") === 0 ? "" : `, ${count("skipped")} skipped`;
  return [
    ...results.flatMap(linesOf),
    "",
    `Summary: ${count("healthy")} healthy, ${count("unhealthy")} unhealthy, ${count("timed out")} timed out${skipped}`,
  ].join("\n");
}

function linesOf({ name, outcome, detail }: ProbeResult): string[] {
  const verdicts = { healthy: "✅", unhealthy: "❌", "timed out": "⏱️ ", skipped: "⏭️ " };
  const words = { healthy: "healthy", unhealthy: "unhealthy (auth/config/network)", "timed out": "timed out (>10s)", skipped: "skipped" };
  const reason = detail === undefined ? [] : [`     ${detail}`];
  return [`  ${verdicts[outcome]} ${name.padEnd(9)} ${words[outcome]}`, ...reason];
}
