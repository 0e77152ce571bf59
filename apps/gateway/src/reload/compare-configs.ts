import { isDeepStrictEqual } from "node:util";
import type { ChannelDefinition } from "@revka/core";
import type { ConfiguredSection, LoadedConfig } from "../config/loaded-config.ts";
import type { Settings } from "../config/settings.ts";

/** What a configuration brings that the running one does not have. */
export interface ConfigDifference {
  /** Sections whose channels stop, because they changed or went. */
  readonly leaving: readonly string[];
  /** Sections whose channels are made, because they changed or came. */
  readonly coming: ReadonlyMap<string, ConfiguredSection>;
  /** Shared tables whose change only a restart applies, as the file names them. */
  readonly needRestart: readonly string[];
}

type Configured = Pick<LoadedConfig, "sections" | "settings">;

const TABLE_NAMES: Readonly<Partial<Record<keyof Settings, string>>> = { dispatch: "channels_config" };

/**
 * Compares two configurations by what they mean: neither blanks, comments nor the order of keys make a difference.
 *
 * The sections of one definition go together, since it alone knows how they depend on each other (Lark and Feishu).
 */
export function compareConfigs(running: Configured, next: Configured): ConfigDifference {
  const definitions = new Set([...running.sections.values(), ...next.sections.values()].map(({ definition }) => definition));
  const changed = [...definitions].filter((definition) => !isDeepStrictEqual(valuesOf(running, definition), valuesOf(next, definition)));
  const isOfChanged = ({ definition }: ConfiguredSection): boolean => changed.includes(definition);
  return {
    // A definition may make a channel under the name of another of its sections.
    leaving: changed.flatMap(({ sections }) => sections.map(({ name }) => name)),
    coming: new Map([...next.sections].filter(([, section]) => isOfChanged(section))),
    needRestart: changedTables(running.settings, next.settings),
  };
}

function valuesOf({ sections }: Configured, definition: ChannelDefinition): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...sections].filter(([, section]) => section.definition === definition).map(([name, { config, settings, proxy }]) => [name, { config, settings, proxy }]));
}

function changedTables(running: Settings, next: Settings): string[] {
  return (Object.keys(next) as (keyof Settings)[]).filter((key) => key !== "channels" && !isDeepStrictEqual(running[key], next[key])).map((key) => TABLE_NAMES[key] ?? key);
}
