import type { Channel, ChannelContext } from "@revka/core";
import type { ConfiguredSection } from "./config/loaded-config.ts";

/** The channels that could be made, and what became of the others. */
export interface ChannelsMade {
  readonly channels: readonly Channel[];
  readonly warnings: readonly string[];
  readonly failures: readonly { readonly sections: readonly string[]; readonly error: unknown }[];
}

/** Makes the channels of all valid sections, definition by definition: one that throws does not touch the others. */
export async function createChannels(
  configured: ReadonlyMap<string, ConfiguredSection>,
  contextOf: (instance: string) => ChannelContext,
): Promise<ChannelsMade> {
  const channels: Channel[] = [];
  const warnings: string[] = [];
  const failures: { sections: readonly string[]; error: unknown }[] = [];
  for (const [definition, sections] of Map.groupBy(configured.values(), ({ definition }) => definition)) {
    try {
      const configs = Object.fromEntries(sections.map(({ section, config }) => [section.name, config]));
      const created = await definition.create(configs, contextOf);
      channels.push(...created.channels);
      warnings.push(...created.warnings);
    } catch (error) {
      failures.push({ sections: sections.map(({ section }) => section.name), error });
    }
  }
  return { channels, warnings, failures };
}
