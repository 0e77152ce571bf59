import type { Command } from "commander";
import { checkClock } from "../doctor/check-clock.ts";
import { checkConfig } from "../doctor/check-config.ts";
import { checkDaemon } from "../doctor/check-daemon.ts";
import { checkDatabase } from "../doctor/check-database.ts";
import { checkDisk, checkPermissions } from "../doctor/check-files.ts";
import { checkPorts } from "../doctor/check-ports.ts";
import { checkProxies } from "../doctor/check-proxies.ts";
import type { Finding } from "../doctor/finding.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { findDaemon } from "../ops/daemon-client.ts";
import { probeAll } from "./channel-doctor.ts";
import type { CommandIo } from "./command-io.ts";
import type { ProbeResult } from "./probe-channel.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";

const SIGNS = { ok: "✅", warning: "⚠️ ", failure: "❌", skipped: "⏭️ " } as const;

/** `revka doctor`: everything that may keep messages from going through, and what to do about it. */
export function registerDoctor(program: Command, io: CommandIo): void {
  program
    .command("doctor")
    .description("check the configuration, this machine and every channel; exit code 1 when something is broken. Checks that people would see are left to `revka channel doctor`")
    .option("--json", "as JSON")
    .action((options: { json?: true }, command: Command) => withConfig(command, io, (run) => examine(run, options)));
}

async function examine(run: ConfiguredRun, { json }: { json?: true }): Promise<ExitCode> {
  const { io, redactor } = run;
  const clean = (finding: Finding): Finding => ({ ...finding, text: redactor.text(finding.text) });
  const groups: readonly (() => Promise<readonly Finding[]>)[] = [() => examineMachine(run), async () => (await probeAll(run, { skipVisible: true, json: true })).filter(isNew(run)).map(toFinding)];
  if (json !== true) io.stdout.write("🩺 Revka Doctor\n\n");
  const findings: Finding[] = [];
  for (const group of groups) {
    const found = (await group()).map(clean);
    findings.push(...found);
    if (json !== true) io.stdout.write(found.flatMap(linesOf).join(""));
  }
  const count = (verdict: Finding["verdict"]): number => findings.filter((finding) => finding.verdict === verdict).length;
  if (json === true) io.stdout.write(`${JSON.stringify({ ok: count("failure") === 0, findings }, undefined, 2)}\n`);
  else io.stdout.write(`\nSummary: ${count("ok")} fine, ${count("warning")} to look at, ${count("failure")} broken, ${count("skipped")} skipped\n`);
  return count("failure") === 0 ? EXIT.ok : EXIT.failure;
}

async function examineMachine({ io, config, proxyFor }: ConfiguredRun): Promise<Finding[]> {
  const { folder } = config;
  const health = await findDaemon(folder)?.health();
  const ports = health === undefined ? checkPorts(config) : Promise.resolve([{ check: "ports", verdict: "skipped" as const, text: "the running daemon has them" }]);
  const [proxies, clock, places] = await Promise.all([checkProxies(config.sections, proxyFor), checkClock(config, proxyFor, io.clock), ports]);
  return [...checkConfig(config), ...checkPermissions(folder, io.platform), checkDisk(folder), ...checkDatabase(folder), ...checkDaemon(health), ...places, ...proxies, clock];
}

/** The problems of a section are among those of the configuration. */
function isNew({ config }: ConfiguredRun): (result: ProbeResult) => boolean {
  return ({ name }) => !config.problems.some(({ section }) => section === `channels_config.${name}`);
}

function toFinding({ name, outcome, latencyMs, detail }: ProbeResult): Finding {
  const check = `channel ${name}`;
  if (outcome === "healthy") return { check, verdict: "ok", text: `healthy${latencyMs === undefined ? "" : ` (${latencyMs} ms)`}` };
  if (outcome === "skipped") return { check, verdict: "skipped", text: detail ?? "not asked" };
  return { check, verdict: "failure", text: outcome === "timed out" ? "no answer within 10 s" : detail ?? "unhealthy", remedy: "check the credentials, the network and the proxy of this channel" };
}

function linesOf({ check, verdict, text, remedy }: Finding): string[] {
  return [`  ${SIGNS[verdict]} ${check.padEnd(16)} ${text}\n`, ...(remedy === undefined ? [] : [`     → ${remedy}\n`])];
}
