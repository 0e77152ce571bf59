import type { ChannelDefinition, SectionDefinition } from "@revka/core";
import { loadDefinition, type ImportModule } from "./load-definition.ts";

/** A channel this program knows by name, whether or not its package is here. */
export interface KnownChannel {
  /** `"mochat"` for `[channels_config.mochat]`. */
  readonly section: string;
  readonly displayName: string;
  readonly region: string;
  readonly receiveMode: string;
  /** Whether the platform must reach us. */
  readonly inboundPort: "No" | "Webhook mode only";
  readonly packageName: string;
  /** The build flag that the package stands for; the others are always meant to be here. */
  readonly feature?: "channel-lark";
}

const LARK = {
  receiveMode: "WebSocket (default) or webhook",
  inboundPort: "Webhook mode only",
  packageName: "@revka/channel-lark",
  feature: "channel-lark",
} as const;

/** The channels of the specification, in its order. */
export const KNOWN_CHANNELS: readonly KnownChannel[] = [
  { section: "lark", displayName: "Lark", region: "International", ...LARK },
  { section: "feishu", displayName: "Feishu", region: "China", ...LARK },
  {
    section: "dingtalk",
    displayName: "DingTalk",
    region: "China",
    receiveMode: "Stream Mode WebSocket",
    inboundPort: "No",
    packageName: "@revka/channel-dingtalk",
  },
  {
    section: "wecom",
    displayName: "WeCom",
    region: "China",
    receiveMode: "Outbound only (Bot Webhook)",
    inboundPort: "No",
    packageName: "@revka/channel-wecom",
  },
  {
    section: "qq",
    displayName: "QQ Official Bot",
    region: "China",
    receiveMode: "Bot gateway WebSocket",
    inboundPort: "No",
    packageName: "@revka/channel-qq",
  },
  {
    section: "mochat",
    displayName: "Mochat",
    region: "Self-hosted",
    receiveMode: "HTTP polling",
    inboundPort: "No",
    packageName: "@revka/channel-mochat",
  },
];

/** A section whose package is here. */
export interface AvailableSection {
  readonly section: SectionDefinition;
  readonly definition: ChannelDefinition;
}

/** A section whose package is not here or does not load. */
export interface AbsentSection {
  readonly section: string;
  readonly displayName: string;
  /** `"broken"`: the package is installed and fails to load. */
  readonly reason: "disabled" | "not-installed" | "broken";
  /** What to tell the operator who has configured it. */
  readonly message: string;
  readonly error?: unknown;
}

/** A package of `plugins = […]` that gives no channel. */
export interface UnusablePlugin {
  readonly packageName: string;
  readonly reason: string;
}

/** All channels there are, by section name. */
export interface Registry {
  readonly available: ReadonlyMap<string, AvailableSection>;
  readonly absent: ReadonlyMap<string, AbsentSection>;
  readonly unusablePlugins: readonly UnusablePlugin[];
}

/** What a registry is made with. */
export interface RegistryOptions {
  /** Package names from the configuration; each brings sections that no package before it has. */
  readonly plugins?: readonly string[];
  readonly importModule: ImportModule;
  /** Path of the running program: an operator with two installations sees which one is meant. */
  readonly programPath: string;
}

/** Looks which channel packages are here. Definitions are light: no channel is created and nothing is opened. */
export async function createRegistry({ plugins = [], importModule, programPath }: RegistryOptions): Promise<Registry> {
  const available = new Map<string, AvailableSection>();
  const absent = new Map<string, AbsentSection>();
  const unusablePlugins: UnusablePlugin[] = [];

  const builtIn = [...new Set(KNOWN_CHANNELS.map(({ packageName }) => packageName))];
  const load = async (packageName: string) => ({ packageName, loaded: await loadDefinition(packageName, importModule) });
  for (const { packageName, loaded } of await Promise.all([...builtIn, ...plugins].map(load))) {
    const own = KNOWN_CHANNELS.filter((channel) => channel.packageName === packageName);
    if (loaded.kind === "loaded") {
      const taken = offer(loaded.definition, available);
      if (taken !== undefined) unusablePlugins.push({ packageName, reason: `its section "${taken}" belongs to another package` });
    } else if (own.length === 0) {
      unusablePlugins.push({ packageName, reason: loaded.kind === "missing" ? "it is not installed" : `it does not load: ${messageOf(loaded.error)}` });
    } else {
      for (const channel of own) absent.set(channel.section, absence(channel, loaded, programPath));
    }
  }
  return { available, absent, unusablePlugins };
}

/** Adds a definition's sections, all or none; gives the section that is taken already. */
function offer(definition: ChannelDefinition, available: Map<string, AvailableSection>): string | undefined {
  const taken = definition.sections.find(({ name }) => available.has(name));
  if (taken !== undefined) return taken.name;
  for (const section of definition.sections) available.set(section.name, { section, definition });
  return undefined;
}

function absence(
  { section, displayName, packageName, feature }: KnownChannel,
  loaded: { readonly kind: "missing" } | { readonly kind: "broken"; readonly error: unknown },
  programPath: string,
): AbsentSection {
  const notStarting = `not starting [channels_config.${section}]`;
  if (loaded.kind === "broken") {
    const message = `${packageName} is installed but does not load; ${notStarting}: ${messageOf(loaded.error)}`;
    return { section, displayName, reason: "broken", message, error: loaded.error };
  }
  const remedy = `Running program: ${programPath}. To fix it: npm install ${packageName} (with --global where revka is installed globally), then restart revka.`;
  return feature === undefined
    ? { section, displayName, reason: "not-installed", message: `The package ${packageName} for ${displayName} is not installed; ${notStarting}. ${remedy}` }
    : {
        section,
        displayName,
        reason: "disabled",
        message: `Lark/Feishu channel support is disabled in this build (enable ${feature}); ${notStarting}. ${remedy}`,
      };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
