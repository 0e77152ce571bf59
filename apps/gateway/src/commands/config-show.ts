import { basename } from "node:path";
import type { Command } from "commander";
import { effectiveKeys, type EffectiveKey, type Origin } from "../config-view/effective-keys.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";

/** A table of the file with everything that holds in it. */
interface ShownTable {
  /** `""` for the top of the file. */
  readonly path: string;
  readonly keys: readonly EffectiveKey[];
}

/** `revka config show`: what holds, and why; of a secret only whether it is there. */
export function registerConfigShow(config: Command, io: CommandIo): void {
  config
    .command("show")
    .description("show every setting that holds and where it comes from; secrets as ***")
    .option("--json", "as JSON")
    .action((options: { json?: true }, command: Command) => withConfig(command, io, (run) => show(run, options)));
}

function show({ io, config, redactor }: ConfiguredRun, { json }: { json?: true }): ExitCode {
  const { file, source, hasFile, problems, skipped } = config;
  const clean = (key: EffectiveKey): EffectiveKey => ("value" in key ? { ...key, value: redacted(key.value, (text) => redactor.text(text)) } : key);
  const tables = config.tables.map((record): ShownTable => ({ path: record.path, keys: effectiveKeys(record, config.lines).map(clean) }));
  if (json === true) {
    const left = skipped.map(({ section, message }) => ({ section, message }));
    io.stdout.write(`${JSON.stringify({ file, source, hasFile, tables, skipped: left, problems: problems.length }, undefined, 2)}\n`);
    return EXIT.ok;
  }
  const heading = `# ${file}${hasFile ? "" : " (does not exist)"}, found by ${source}`;
  io.stdout.write([heading, ...tables.flatMap((table) => render(table, file)), ""].join("\n"));
  for (const { message } of skipped) io.stderr.write(`${message}\n`);
  if (problems.length > 0) io.stderr.write(`This configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}: see \`revka config check\`.\n`);
  return EXIT.ok;
}

/** A secret may stand where none is expected, e.g. in a key that takes any text; JSON has no room for the largest integers. */
function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value === "bigint") return String(value);
  return Array.isArray(value) ? value.map((item: unknown) => redacted(item, redact)) : value;
}

function render({ path, keys }: ShownTable, file: string): string[] {
  const width = Math.min(60, Math.max(...keys.map((key) => assignment(key).length)));
  return ["", ...(path === "" ? [] : [`[${path}]`]), ...keys.map((key) => `${assignment(key).padEnd(width)}${originText(key.origin, file)}`.trimEnd())];
}

function assignment({ key, value, isSecret }: EffectiveKey): string {
  return `${key} = ${value === undefined ? "(not set)" : isSecret === true ? "*** (set)" : JSON.stringify(value)}`;
}

function originText(origin: Origin, file: string): string {
  switch (origin.kind) {
    case "file": {
      const place = `${basename(file)}${origin.line === undefined ? "" : `:${origin.line}`}`;
      return `  # ${[place, ...(origin.references ?? []), ...(origin.isEncrypted === true ? ["encrypted"] : [])].join(", ")}`;
    }
    case "environment":
      return `  # environment, ${origin.variable}`;
    case "default":
      return "  # default";
    case "unset":
      return "";
  }
}
