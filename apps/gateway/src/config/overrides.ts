import type { FieldDefinition, SectionDefinition } from "@revka/core";
import type { Environment } from "./environment.ts";
import { nearestKey } from "./nearest-key.ts";
import { readAs } from "./read-as.ts";

/** A key of a section that an environment variable sets. */
export interface Override {
  readonly key: string;
  readonly value: unknown;
  readonly variable: string;
}

/** What the environment says about one section. */
export interface SectionOverrides {
  readonly overrides: readonly Override[];
  /** They hold every required key, so they make a section of their own. */
  readonly isComplete: boolean;
  readonly warnings: readonly string[];
}

/** The variables of a section begin with this. */
export function variablePrefix(section: string): string {
  return `REVKA_CHANNELS_${section.toUpperCase().replaceAll("-", "_")}_`;
}

/** Whether the environment says anything about a section. */
export function hasOverrides(section: string, environment: Environment): boolean {
  return variablesOf(section, environment).length > 0;
}

/** Reads `REVKA_CHANNELS_<SECTION>_<KEY>`: the text takes the type of its key; a list is comma-separated. */
export function readOverrides({ name, fields }: SectionDefinition, environment: Environment): SectionOverrides {
  const overrides: Override[] = [];
  const warnings: string[] = [];
  for (const [variable, text] of variablesOf(name, environment)) {
    const wanted = variable.slice(variablePrefix(name).length).toLowerCase();
    const field = fields.find(({ key, type }) => key === wanted && type !== "table");
    if (field === undefined) warnings.push(unknownVariable(variable, name, fields));
    else overrides.push({ key: field.key, value: readAs(field.type, text), variable });
  }
  const missing = fields.filter(({ key, isRequired }) => isRequired === true && !overrides.some((override) => override.key === key));
  return { overrides, isComplete: overrides.length > 0 && missing.length === 0, warnings };
}

function variablesOf(section: string, environment: Environment): [variable: string, text: string][] {
  const prefix = variablePrefix(section);
  return Object.entries(environment).flatMap(([variable, text]) => (variable.startsWith(prefix) && text !== undefined ? [[variable, text]] : []));
}

function unknownVariable(variable: string, section: string, fields: readonly FieldDefinition[]): string {
  const prefix = variablePrefix(section);
  const nearest = nearestKey(variable.slice(prefix.length), fields.map(({ key }) => key));
  const hint = nearest === undefined ? "" : ` The nearest known one is ${prefix}${nearest.toUpperCase()}.`;
  return `${variable} is ignored: [channels_config.${section}] has no such key.${hint}`;
}
