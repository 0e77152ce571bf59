import type { SectionDefinition } from "@revka/core";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { askChannels } from "../onboarding/wizard.ts";
import type { CommandIo } from "./command-io.ts";
import { saveChange, withConfigFile, type ConfigChange } from "./with-config-file.ts";

/** Flags of the original's wizard that set up what this one does not. */
const MODEL_FLAGS = ["apiKey", "provider", "model", "memory"] as const;

type OnboardOptions = Partial<Record<"channelsOnly" | "reinit" | "force" | "quick", true>> & Partial<Record<(typeof MODEL_FLAGS)[number], string>>;

/** `revka onboard`: asks a person for channels. */
export function registerOnboard(program: Command, io: CommandIo): void {
  program
    .command("onboard")
    .description("set up channels, question by question; what stands in the file stays")
    .option("--channels-only", "channels and nothing else")
    .option("--reinit", "not available in this version")
    .option("--force", "not available in this version")
    .option("--quick", "not available in this version")
    .option("--api-key <key>", "not available in this version")
    .option("--provider <name>", "not available in this version")
    .option("--model <name>", "not available in this version")
    .option("--memory <name>", "not available in this version")
    .action(async (options: OnboardOptions, command: Command) => {
      const refusal = refuse(options);
      if (refusal === undefined) await withConfigFile(command, io, (change) => onboard(change, options.channelsOnly === true));
      else {
        io.stderr.write(`${refusal}\n`);
        io.setExitCode(EXIT.usage);
      }
    });
}

/** Why these flags cannot be had; the words for `--channels-only` are the original's. */
function refuse(options: OnboardOptions): string | undefined {
  const hasModelFlag = MODEL_FLAGS.some((flag) => options[flag] !== undefined);
  if (options.channelsOnly === true) {
    if (options.reinit === true) return "--reinit and --channels-only cannot be used together";
    if (hasModelFlag) return "--channels-only does not accept --api-key, --provider, --model, or --memory";
    if (options.force === true) return "--channels-only does not accept --force";
    return options.quick === true ? "--quick and --channels-only cannot be used together" : undefined;
  }
  const isOther = hasModelFlag || [options.reinit, options.force, options.quick].includes(true);
  return isOther ? "This wizard sets up channels and takes no flag but --channels-only; everything else is set in the file by hand." : undefined;
}

async function onboard(change: ConfigChange, isChannelsOnly: boolean): Promise<ExitCode> {
  const { io, config, file } = change;
  const prompts = await io.openPrompts();
  if (prompts === undefined) {
    const examples = config.available.map(exampleOf).join("\n");
    io.stderr.write(`The wizard needs a terminal. Without one, as a script would:\n\n${examples}\n\nA value may be \${NAME}, which stands for a variable.\n`);
    return EXIT.usage;
  }
  const result = await askChannels(prompts, change);
  if (result.kind === "gave-up") {
    prompts.outro("Cancelled: nothing was changed.");
    return EXIT.interrupted;
  }
  if (result.sections.length === 0) {
    prompts.outro("Nothing was changed.");
    return EXIT.ok;
  }
  const others = isChannelsOnly ? "" : `What else can be set stands in ${file.path} as [agent], [proxy], [log] and [channels_config]: edit it by hand.\n`;
  prompts.outro(`Saving ${result.sections.map((name) => `[channels_config.${name}]`).join(", ")}`);
  await saveChange(change, `Saved ${result.sections.join(", ")}`);
  io.stdout.write(`${others}Next: revka channel doctor, then revka daemon.\n`);
  return EXIT.ok;
}

/** The command that writes a section, with the keys that it needs. */
function exampleOf({ name, fields }: SectionDefinition): string {
  const required = fields.filter(({ isRequired }) => isRequired === true).map(({ key }) => [key, "…"]);
  const list = fields.some(({ key }) => key === "allowed_users") ? [["allowed_users", ["*"]]] : [];
  return `  revka channel add ${name} '${JSON.stringify(Object.fromEntries([...required, ...list]))}'`;
}
