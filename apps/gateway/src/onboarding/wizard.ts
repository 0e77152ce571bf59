import type { SectionDefinition } from "@revka/core";
import type { ConfigChange } from "../commands/with-config-file.ts";
import { hasSection, putSection } from "../config-file/save-section.ts";
import { KNOWN_CHANNELS } from "../registry.ts";
import type { Prompts } from "./prompts.ts";
import { setUpSection } from "./set-up-section.ts";

/** How a wizard ended: what it was asked to save is in the file's text, but not yet on disk. */
export type WizardResult = { readonly kind: "done"; readonly sections: readonly string[] } | { readonly kind: "gave-up" };

const SAVE = " save";

/** Asks for channels, one after another, until the person has enough. Nothing is written. */
export async function askChannels(prompts: Prompts, change: ConfigChange): Promise<WizardResult> {
  const { config, file } = change;
  const done: string[] = [];
  prompts.intro("Revka: set up channels");
  prompts.note(`Everything goes into ${file.path}; what stands there stays.`, "Where");
  for (;;) {
    const name = await prompts.choose({ message: done.length === 0 ? "Which channel?" : "Another channel?", choices: choicesOf(change, done) });
    if (name === undefined) return { kind: "gave-up" };
    if (name === SAVE) return { kind: "done", sections: done };
    const section = config.available.find((candidate) => candidate.name === name);
    if (section === undefined) {
      prompts.warn(absenceOf(name));
      continue;
    }
    const content = await setUpSection(prompts, section, change);
    if (content === "gave-up") return { kind: "gave-up" };
    if (content === "left-out") continue;
    putSection(file, section, { content, folder: config.folder });
    if (!done.includes(name)) done.push(name);
  }
}

function choicesOf({ config, file }: ConfigChange, done: readonly string[]): { value: string; label: string; hint: string }[] {
  const hintOf = (section: SectionDefinition): string => {
    if (done.includes(section.name)) return "to be saved";
    return hasSection(file, section.name) ? "configured" : `${section.region}, ${section.receiveMode}`;
  };
  const absent = KNOWN_CHANNELS.filter(({ section }) => !config.available.some(({ name }) => name === section));
  return [
    ...(done.length === 0 ? [] : [{ value: SAVE, label: "No, save and finish", hint: done.join(", ") }]),
    ...config.available.map((section) => ({ value: section.name, label: section.displayName, hint: hintOf(section) })),
    ...absent.map(({ section, displayName }) => ({ value: section, label: displayName, hint: "not installed" })),
    ...(done.length === 0 ? [{ value: SAVE, label: "None, leave", hint: "nothing is changed" }] : []),
  ];
}

function absenceOf(name: string): string {
  const packageName = KNOWN_CHANNELS.find(({ section }) => section === name)?.packageName ?? name;
  return `${packageName} is not installed. To install it: npm install ${packageName}, then start this wizard again.`;
}
