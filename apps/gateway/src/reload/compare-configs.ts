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
  /** What else is new and holds at once, as the file names its tables. */
  readonly applied: readonly string[];
  /** What is new and only a restart applies, as the file names it. */
  readonly needRestart: readonly string[];
}

type Configured = Pick<LoadedConfig, "sections" | "settings">;

/** Settings by the names that the file has for them, and whether they hold as soon as they change. */
const TABLES: readonly { readonly name: string; readonly isLive: boolean; readonly of: (settings: Settings) => unknown }[] = [
  { name: "[channels_config]", isLive: true, of: ({ dispatch }) => dispatch },
  { name: "[multimodal]", isLive: true, of: ({ multimodal }) => multimodal },
  { name: "[media]", isLive: true, of: ({ media }) => media },
  { name: "[proxy]", isLive: true, of: ({ proxy }) => proxy },
  { name: "level of [log]", isLive: true, of: ({ log }) => log.level },
  { name: "format of [log]", isLive: false, of: ({ log }) => log.format },
  { name: "[agent]", isLive: false, of: ({ agent }) => agent },
  { name: "[state]", isLive: false, of: ({ state }) => state },
  { name: "[ops]", isLive: false, of: ({ ops }) => ops },
];

/**
 * Compares two configurations by what they mean: neither blanks, comments nor the order of keys make a difference.
 *
 * Sections of one definition that depend on each other, before or after, go together: it alone knows how (Lark and Feishu). A
 * channel without a proxy of its own goes another way when `[proxy]` changes, so it connects anew.
 *
 * @param started - what the program was started with: what needs a restart differs from that.
 */
export function compareConfigs(running: Configured, next: Configured, started: Settings): ConfigDifference {
  const definitions = new Set([...running.sections.values(), ...next.sections.values()].map(({ definition }) => definition));
  const leaving = [...definitions].flatMap((definition) => {
    const names = definition.sections.map(({ name }) => name);
    const changed = names.filter((name) => !isDeepStrictEqual(valueOf(running, name), valueOf(next, name)));
    // Such a definition may make a channel under the name of another of its sections.
    return changed.length > 0 && [running, next].some((config) => areJoined(config, definition)) ? names : changed;
  });
  return {
    leaving,
    coming: new Map([...next.sections].filter(([name]) => leaving.includes(name))),
    applied: changedTables(running.settings, next.settings, true),
    needRestart: changedTables(started, next.settings, false),
  };
}

/** Everything that a channel is made from. */
function valueOf({ sections, settings: shared }: Configured, name: string): unknown {
  const section = sections.get(name);
  if (section === undefined) return undefined;
  const { config, settings, proxy = shared.proxy } = section;
  return { config, settings, proxy };
}

function areJoined({ sections }: Configured, definition: ChannelDefinition): boolean {
  const own = [...sections].filter(([, section]) => section.definition === definition);
  return definition.areJoined?.(Object.fromEntries(own.map(([name, { config }]) => [name, config]))) ?? true;
}

function changedTables(before: Settings, next: Settings, areLive: boolean): string[] {
  return TABLES.filter(({ isLive, of }) => isLive === areLive && !isDeepStrictEqual(of(before), of(next))).map(({ name }) => name);
}
