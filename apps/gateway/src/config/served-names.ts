import type { ConfiguredSection } from "./loaded-config.ts";
import type { ProxySettings } from "./settings.ts";

/**
 * Adds the other names of each section that `services` names.
 *
 * A definition may make a channel of one name from the section of another, and it must not go around the proxy that is
 * meant for its section. As everywhere, only a definition's only section speaks for all its names.
 */
export function withServedNames(proxy: ProxySettings, sections: Iterable<ConfiguredSection>): ProxySettings {
  const others: string[] = [];
  for (const [definition, configured] of Map.groupBy(sections, (section) => section.definition)) {
    const isServed = configured.length === 1 && configured.every(({ section }) => proxy.services.includes(`channel.${section.name}`));
    if (isServed) others.push(...definition.sections.map(({ name }) => `channel.${name}`));
  }
  return others.length === 0 ? proxy : { ...proxy, services: [...new Set([...proxy.services, ...others])] };
}
