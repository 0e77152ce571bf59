import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { inheritedVariables } from "../service/inherited-variables.ts";
import { instructionsFor } from "../service/other-systems.ts";
import { stopSecs, systemdUnit, type ServiceFacts } from "../service/systemd-unit.ts";
import { createSystemd, UNIT, type Systemd } from "../service/systemd.ts";
import { readUnitState, STATE_PROPERTIES } from "../service/unit-state.ts";
import type { CommandIo } from "./command-io.ts";
import { NO_CHANNELS, refuseUnusable, withConfig, type ConfiguredRun } from "./with-config.ts";

/** What the subcommands work with. */
interface ServiceRun extends ConfiguredRun {
  readonly systemd: Systemd;
  readonly facts: ServiceFacts;
}

type Subcommand<O> = (run: ServiceRun, options: O) => Promise<ExitCode> | ExitCode;

/** How much longer than the daemon's own stop `systemctl` may take. */
const MARGIN_MS = 10_000;

/** `revka service`: the daemon as a service of the user's systemd; elsewhere it tells how to do the same. */
export function registerService(program: Command, io: CommandIo): void {
  const service = program.command("service").description("keep the daemon running in the background, as a systemd user unit");
  const add = <O>(name: string, description: string, subcommand: Subcommand<O>): Command =>
    service
      .command(name)
      .description(description)
      .action((options: O, command: Command) => withConfig(command, io, (run) => runSubcommand(run, subcommand, options)));
  add("install", "write the unit and have it started at login", install).option("--dry-run", "print the unit and change nothing");
  add("start", "start it", (run) => begin(run, "start"));
  add("stop", "stop it; what was accepted is answered first", stop);
  add("restart", "restart it, e.g. after a change of the configuration", (run) => begin(run, "restart"));
  add("status", "say whether it runs; exit code 1 when it does not", tellState);
  add("logs", "show what it logged", showLogs).option("-n, --lines <count>", "how many lines of the past", parseCount, 100).option("-f, --follow", "go on as it logs more");
  add("uninstall", "stop it and remove the unit; configuration and messages stay", uninstall);
}

function runSubcommand<O>(run: ConfiguredRun, subcommand: Subcommand<O>, options: O): Promise<ExitCode> | ExitCode {
  const { io, config } = run;
  const { file, source, folder, workspace, settings } = config;
  const place = source === "default" ? [] : ["--config", file];
  const facts = { command: [...io.command, "daemon", ...place], folder, environmentFile: join(workspace, ".env"), drainTimeoutMs: settings.dispatch.drainTimeoutMs };
  if (io.platform === "linux") return subcommand({ ...run, facts, systemd: createSystemd(io) }, options);
  io.stderr.write(instructionsFor(io.platform, facts));
  return EXIT.failure;
}

async function install(run: ServiceRun, { dryRun }: { readonly dryRun?: true }): Promise<ExitCode> {
  const { io, config, systemd, facts } = run;
  const unit = systemdUnit(facts);
  if (dryRun === true) {
    io.stdout.write(unit);
    return EXIT.ok;
  }
  const refusal = refuseWrong(run);
  if (refusal !== undefined) return refusal;
  await systemd.requireAnswer();
  mkdirSync(dirname(systemd.unitFile), { recursive: true });
  writeFileSync(systemd.unitFile, unit);
  await systemd.control(["daemon-reload"]);
  await systemd.control(["enable", UNIT]);
  io.stdout.write(
    [`Installed ${systemd.unitFile}.`, "To start it now:                    revka service start", "To start it without a login, too:   loginctl enable-linger", ""].join("\n"),
  );
  if (facts.command.some((part) => part.includes("/_npx/"))) io.stderr.write("This program came by npx, whose cache may be emptied: install revka for good (npm install --global), then install the service again.\n");
  const variables = inheritedVariables(config, io.environment);
  if (variables.length > 0) io.stderr.write(`The service does not inherit ${variables.join(", ")}, which the configuration takes from your environment: put ${variables.length === 1 ? "it" : "them"} into ${facts.environmentFile} (NAME=value, chmod 600).\n`);
  return EXIT.ok;
}

/** What the daemon would end with at once is better said here, where somebody reads it. */
function refuseWrong(run: ServiceRun): ExitCode | undefined {
  const refusal = refuseUnusable(run, { code: EXIT.config, text: NO_CHANNELS });
  if (refusal !== undefined || !run.config.isBlocked) return refusal;
  run.io.stderr.write("The configuration is wrong in what all channels share: see `revka config check`.\n");
  return EXIT.config;
}

async function begin(run: ServiceRun, verb: "start" | "restart"): Promise<ExitCode> {
  const { io, systemd, facts } = run;
  const refusal = refuseMissing(run) ?? refuseWrong(run);
  if (refusal !== undefined) return refusal;
  await systemd.requireAnswer();
  await systemd.control([verb, UNIT], stopSecs(facts) * 1_000 + MARGIN_MS);
  io.stdout.write(`${verb === "start" ? "Started" : "Restarted"}. To see how it goes: revka status, revka service logs\n`);
  return EXIT.ok;
}

function refuseMissing({ io, systemd }: ServiceRun): ExitCode | undefined {
  if (existsSync(systemd.unitFile)) return undefined;
  io.stderr.write("The service is not installed. To install it: revka service install\n");
  return EXIT.failure;
}

async function stop(run: ServiceRun): Promise<ExitCode> {
  const { io, systemd, facts } = run;
  const refusal = refuseMissing(run);
  if (refusal !== undefined) return refusal;
  await systemd.requireAnswer();
  await systemd.control(["stop", UNIT], stopSecs(facts) * 1_000 + MARGIN_MS);
  io.stdout.write("Stopped.\n");
  return EXIT.ok;
}

async function tellState(run: ServiceRun): Promise<ExitCode> {
  const { io, systemd } = run;
  const refusal = refuseMissing(run);
  if (refusal !== undefined) return refusal;
  await systemd.requireAnswer();
  const state = readUnitState(await systemd.control(["show", UNIT, `--property=${STATE_PROPERTIES}`]));
  io.stdout.write(`Service: ${state.text}\nUnit:    ${systemd.unitFile}\n`);
  return state.isActive ? EXIT.ok : EXIT.failure;
}

async function showLogs({ io }: ServiceRun, { lines, follow }: { readonly lines: number; readonly follow?: true }): Promise<ExitCode> {
  const args = ["--user", "--unit", UNIT, "--lines", String(lines), "--output", "cat", ...(follow === true ? ["--follow"] : ["--no-pager"])];
  const result = await io.runProgram("journalctl", args, { output: "shown" });
  if (result.kind === "ended") return result.exitCode === 0 ? EXIT.ok : EXIT.failure;
  io.stderr.write("There is no systemd journal here (journalctl was not found).\n");
  return EXIT.failure;
}

async function uninstall(run: ServiceRun): Promise<ExitCode> {
  const { io, systemd, facts } = run;
  const refusal = refuseMissing(run);
  if (refusal !== undefined) return refusal;
  await systemd.requireAnswer();
  await systemd.control(["disable", "--now", UNIT], stopSecs(facts) * 1_000 + MARGIN_MS);
  rmSync(systemd.unitFile);
  await systemd.control(["daemon-reload"]);
  io.stdout.write(`Removed ${systemd.unitFile}; ${facts.folder} stays.\n`);
  return EXIT.ok;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count > 100_000) throw new InvalidArgumentError("It has to be a number from 0 to 100000.");
  return count;
}
