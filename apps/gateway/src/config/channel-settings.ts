import type { ConfiguredSection } from "./loaded-config.ts";
import type { ChannelSettings } from "./settings.ts";

/**
 * What each channel's section says, by the channel's name.
 *
 * A definition may make a channel of one name from the section of another, so a definition's only section speaks for all its names.
 */
export function settingsByChannel(sections: Iterable<ConfiguredSection>): Readonly<Record<string, ChannelSettings>> {
  const all: Record<string, ChannelSettings> = {};
  for (const [definition, configured] of Map.groupBy(sections, (section) => section.definition)) {
    const [first, ...others] = configured;
    if (first !== undefined && others.length === 0) for (const { name } of definition.sections) all[name] = settingsOf(first);
    for (const each of configured) all[each.section.name] = settingsOf(each);
  }
  return all;
}

function settingsOf({ settings, proxy }: ConfiguredSection): ChannelSettings {
  return { ...settings, ...(proxy !== undefined && { proxy }) };
}
