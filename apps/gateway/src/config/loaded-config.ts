import type { ChannelDefinition, ProxyChoice, SectionDefinition } from "@revka/core";
import type { AbsentSection } from "../registry.ts";
import type { KeyLines } from "./key-lines.ts";
import type { ConfigPlace } from "./locate.ts";
import type { LocatedProblem } from "./problem.ts";
import type { ChannelSettings, Settings } from "./settings.ts";
import type { TableRecord } from "./table-record.ts";

/** A channel's section that is valid. */
export interface ConfiguredSection {
  readonly section: SectionDefinition;
  readonly definition: ChannelDefinition;
  /** What the section's schema gave; only its definition can read it. */
  readonly config: unknown;
  /** What the section says to the gateway itself. */
  readonly settings: ChannelSettings;
  /** `allowed_users`, where the section has the key. */
  readonly allowedUsers?: readonly string[];
  /** The channel's own `proxy_url`. */
  readonly proxy?: ProxyChoice;
  /** Where its platform is: what the section says with `base_url` or `api_url`, else what the definition says. */
  readonly platformUrl?: URL;
  /** `notification_target`: where messages without a recipient go. */
  readonly notificationTarget?: string;
}

/** Why a section that stands in the file does not start although it may be right itself. */
export type SkippedSection = AbsentSection | { readonly section: string; readonly displayName: string; readonly reason: "proxy"; readonly message: string };

/** The configuration as it was found: what is right can be used whatever else is wrong. Frozen. */
export interface LoadedConfig extends ConfigPlace {
  /** False where there is no file: then everything comes from the environment. */
  readonly hasFile: boolean;
  readonly settings: Settings;
  /** The channels that can start, by section name. */
  readonly sections: ReadonlyMap<string, ConfiguredSection>;
  /** Every section that could be configured here, whether or not it is. */
  readonly available: readonly SectionDefinition[];
  /** The channel packages of those sections, by section name. */
  readonly definitions: ReadonlyMap<string, ChannelDefinition>;
  /** The channels that are configured and cannot start here. */
  readonly skipped: readonly SkippedSection[];
  readonly problems: readonly LocatedProblem[];
  /** Whether a problem concerns what all channels share, so that none may start. */
  readonly isBlocked: boolean;
  /** Sentences for the operator. */
  readonly warnings: readonly string[];
  /** Every secret value in it, for the redactor. */
  readonly secrets: readonly string[];
  /** Every table that was read, problems or not, in the order of reading. */
  readonly tables: readonly TableRecord[];
  /** Where the keys stand in the file. */
  readonly lines: KeyLines;
}
