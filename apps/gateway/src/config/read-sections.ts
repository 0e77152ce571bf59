import { parseProxyUrl, type FieldDefinition, type SectionDefinition } from "@revka/core";
import type { AvailableSection, Registry } from "../registry.ts";
import { CHANNEL_FIELDS, readChannelKeys } from "./channel-keys.ts";
import type { Findings } from "./findings.ts";
import { INERT_CHANNEL_KEYS, keysWithoutEffect } from "./inert-keys.ts";
import type { ConfiguredSection, SkippedSection } from "./loaded-config.ts";
import { nearestKey } from "./nearest-key.ts";
import { hasOverrides, readOverrides, variablePrefix } from "./overrides.ts";
import { readTable, type TableSources } from "./read-table.ts";
import { secretsOf } from "./secrets.ts";
import { isTable, tableOr, type Table } from "./table.ts";
import { unknownKeyWarning, unknownKeyWarnings } from "./unknown-keys.ts";

/** The channels' own sections. */
export interface SectionsReading {
  readonly sections: ReadonlyMap<string, ConfiguredSection>;
  readonly skipped: readonly SkippedSection[];
}

/** What sections are read with. */
export interface SectionsOptions {
  readonly registry: Registry;
  readonly sources: TableSources;
  readonly findings: Findings;
  /** False: only channels that name their own proxy may start, since a privacy control must fail closed. */
  readonly isProxyValid: boolean;
  /** A valid `[transcription]`, if there is one. */
  readonly transcription: Table | undefined;
}

/** Reads each section that the file has or that the environment makes. What is wrong with one does not touch another. */
export function readSections(channels: Table, options: SectionsOptions): SectionsReading {
  const { registry, sources, findings, isProxyValid } = options;
  const sections = new Map<string, ConfiguredSection>();
  const skipped: SkippedSection[] = [];
  for (const [name, available] of registry.available) {
    const configured = readSection(channels[name], available, options);
    if (configured === undefined) continue;
    if (isProxyValid) sections.set(name, configured);
    else if (configured.proxy === undefined) skipped.push(withoutProxy(available));
    else sections.set(name, withoutTranscription(configured, findings));
  }
  for (const [name, absence] of registry.absent) {
    if (name in channels || hasOverrides(name, sources.environment)) skipped.push(absence);
  }
  findings.warnings.push(...misspeltSections(channels, [...registry.available.keys(), ...registry.absent.keys()]));
  return { sections, skipped };
}

function readSection(raw: unknown, { section: own, definition }: AvailableSection, { sources, findings, transcription }: SectionsOptions): ConfiguredSection | undefined {
  const path = `channels_config.${own.name}`;
  const section = { ...own, fields: withGatewayFields(own.fields) };
  const { overrides, isComplete, warnings } = readOverrides(section, sources.environment);
  findings.warnings.push(...warnings);
  if (raw === undefined && !isComplete) {
    if (overrides.length > 0) findings.warnings.push(incomplete(section.name));
    return undefined;
  }
  const { value, table, problems } = readTable({ path, ...section }, raw ?? {}, { sources, overrides });
  findings.report(problems, path);
  findings.secrets.push(...secretsOf(table, section.fields));
  findings.tables.push({ path, fields: section.fields, raw: tableOr(raw), table, overrides });
  findings.warnings.push(...unknownKeyWarnings(table, section.fields, path), ...withoutEffect(table, path));
  const keys = readChannelKeys(table, { path, transcription, environment: sources.environment });
  if ("problems" in keys) findings.report(keys.problems, keys.section);
  if (value === undefined || "problems" in keys) return undefined;
  const { settings } = keys;
  if (settings.transcription?.apiKey !== undefined) findings.secrets.push(settings.transcription.apiKey);
  return { section: own, definition, config: value, settings, ...hostFacts(table, own) };
}

/** The gateway declares its keys itself, whatever a channel says of them. */
function withGatewayFields(fields: readonly FieldDefinition[]): readonly FieldDefinition[] {
  return [...fields.filter(({ key }) => !CHANNEL_FIELDS.some((own) => own.key === key)), ...CHANNEL_FIELDS];
}

function withoutEffect(table: Table, path: string): string[] {
  return keysWithoutEffect(table, INERT_CHANNEL_KEYS).map((key) => `Accepted, but without effect in this version: ${path}.${key}`);
}

/** What the host itself wants to know of a valid table, whichever channel it belongs to. */
function hostFacts(table: Table, { fields, platformUrl: usual }: SectionDefinition): Pick<ConfiguredSection, "allowedUsers" | "proxy" | "platformUrl" | "notificationTarget"> {
  const { allowed_users: allowed, proxy_url: proxy, notification_target: target } = table;
  const place = [table["base_url"], table["api_url"], usual].find(isText);
  const platformUrl = place === undefined ? null : URL.parse(place.trim());
  return {
    ...(fields.some(({ key }) => key === "allowed_users") && { allowedUsers: Array.isArray(allowed) ? allowed.map((id) => String(id).trim()) : [] }),
    ...(isText(proxy) && { proxy: parseProxyUrl(proxy) }),
    ...(platformUrl !== null && { platformUrl }),
    ...(isText(target) && { notificationTarget: target.trim() }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function incomplete(section: string): string {
  return `[channels_config.${section}] is not in the file, and ${variablePrefix(section)}… does not set every required key: the channel is not configured`;
}

function withoutProxy({ section: { name, displayName } }: AvailableSection): SkippedSection {
  const message = `The proxy settings are not valid and [channels_config.${name}] has no proxy_url of its own; not starting [channels_config.${name}]`;
  return { section: name, displayName, reason: "proxy", message };
}

/** The provider would be reached past the proxy that is meant for it. */
function withoutTranscription(configured: ConfiguredSection, { warnings }: Findings): ConfiguredSection {
  const { transcription, ...settings } = configured.settings;
  if (transcription !== undefined) warnings.push(`The proxy settings are not valid; nothing is transcribed for [channels_config.${configured.section.name}]`);
  return { ...configured, settings };
}

/** A channel that we do not ship is accepted in silence; one whose name is nearly one of ours is a typo. */
function misspeltSections(channels: Table, known: readonly string[]): string[] {
  return Object.entries(channels)
    .filter(([name, value]) => isTable(value) && !known.includes(name) && nearestKey(name, known) !== undefined)
    .map(([name]) => unknownKeyWarning(`channels_config.${name}`, known));
}
