import type { ConfigProblem, SectionDefinition } from "@revka/core";
import type { ConfigChange } from "../commands/with-config-file.ts";
import { checkSection } from "../config-file/check-section.ts";
import { sectionIn } from "../config-file/save-section.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { createProxyFor } from "../config/proxy-policy.ts";
import { proxyTable } from "../config/proxy-table.ts";
import type { Table } from "../config/table.ts";
import { askSection } from "./ask-section.ts";
import { trySection, type TrialResult } from "./probe-section.ts";
import type { Prompts } from "./prompts.ts";

const ADVICE = 'Begin with * (everybody), confirm that messages arrive, then name the users: "revka channel senders" shows who was refused.';

/** Asks for one channel until its section is right, and tries it. Gives the section's table, as it is to stand in the file. */
export async function setUpSection(prompts: Prompts, section: SectionDefinition, change: ConfigChange): Promise<Table | "left-out" | "gave-up"> {
  const { io, config, file } = change;
  const whereFrom = section.helpUrl === undefined ? "" : `\nThe credentials come from ${section.helpUrl}`;
  const whoMayWrite = section.fields.some((field) => field.key === "allowed_users" && field.isAdvanced !== true) ? `\nallowed_users takes ${section.idKinds}. ${ADVICE}` : "";
  prompts.note(`${section.description}.${whereFrom}${whoMayWrite}`, section.displayName);
  let content = sectionIn(file, section.name);
  for (;;) {
    const asked = await askSection(prompts, section, content);
    if (asked === undefined) return "gave-up";
    content = asked;
    const checked = checkSection({ section, content, place: config, environment: io.environment });
    if (checked.problems.length === 0) {
      const verdict = await confirmTrial(prompts, section, { change, content, ...checked });
      if (verdict !== "again") return verdict;
      continue;
    }
    prompts.warn(checked.problems.map(problemText).join("\n"));
    const again = await prompts.confirm({ message: "Try once more?", initialValue: true });
    if (again === undefined) return "gave-up";
    if (!again) return "left-out";
  }
}

interface Trial {
  readonly change: ConfigChange;
  readonly content: Table;
  readonly config?: unknown;
  /** What stands in it and must not be shown. */
  readonly secrets: readonly string[];
}

async function confirmTrial(prompts: Prompts, section: SectionDefinition, trial: Trial): Promise<Table | "again" | "left-out" | "gave-up"> {
  const result = await tryIt(prompts, section, trial);
  if (result === undefined) return "gave-up";
  if (result.outcome === "healthy" || result.outcome === "skipped") return trial.content;
  const next = await prompts.choose({
    message: "What now?",
    choices: [
      { value: "again", label: "Mend it", hint: "asks for the keys again" },
      { value: "save", label: "Save it anyway" },
      { value: "left-out", label: "Leave this channel out" },
    ],
  });
  if (next === undefined) return "gave-up";
  return next === "save" ? trial.content : next;
}

/** Undefined when the person gives up. */
async function tryIt(prompts: Prompts, section: SectionDefinition, { change, content, config, secrets }: Trial): Promise<TrialResult | undefined> {
  const { io, config: loaded } = change;
  const definition = loaded.definitions.get(section.name);
  if (definition === undefined) throw new TypeError(`${section.name} has no definition`); // whoever has the section has it from there
  if (!isWayKnown(loaded, content)) {
    prompts.warn(`The proxy settings are not valid, so ${section.displayName} is not asked now: that would go around the proxy. Correct them, then run revka channel doctor.`);
    return { name: section.name, outcome: "skipped", isVisible: false };
  }
  const trial = { section, definition, config, secrets: [...loaded.secrets, ...secrets], proxyFor: createProxyFor(loaded.settings.proxy), clock: io.clock };
  const waiting = prompts.wait(`Asking ${section.displayName} whether it takes these credentials`);
  const quiet = await trySection(trial, false);
  if (!quiet.isVisible) {
    if (quiet.outcome === "healthy") waiting.done(`${section.displayName} takes them.`);
    else waiting.failed(`${section.displayName}: ${quiet.detail ?? quiet.outcome}`);
    return quiet;
  }
  waiting.done(`The only way to check ${section.displayName} posts a message that people see.`);
  const isWanted = await prompts.confirm({ message: "Post it?", initialValue: false });
  if (isWanted === undefined) return undefined;
  if (!isWanted) return quiet;
  const posting = prompts.wait("Posting it");
  const loud = await trySection(trial, true);
  if (loud.outcome === "healthy") posting.done("It arrived.");
  else posting.failed(loud.detail ?? loud.outcome);
  return loud;
}

/** A channel that would go through a proxy which cannot be made out must not go without. */
function isWayKnown({ problems }: Pick<LoadedConfig, "problems">, { proxy_url: own }: Table): boolean {
  return (typeof own === "string" && own.trim() !== "") || !problems.some(({ section }) => section === proxyTable.path);
}

function problemText({ path, found, allowed, hint }: ConfigProblem): string {
  return `${path.slice(path.lastIndexOf(".") + 1)}: found ${found}, allowed is ${allowed}${hint === undefined ? "" : `; ${hint}`}`;
}
