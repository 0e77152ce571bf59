import { defaultOf } from "./default-settings.ts";
import { dispatchTable } from "./dispatch-table.ts";
import type { Findings } from "./findings.ts";
import { INERT_DISPATCH_KEYS, INERT_LOG_KEYS, INERT_MEDIA_KEYS, keysWithoutEffect } from "./inert-keys.ts";
import { absoluteRoots, rootProblems } from "./media-roots.ts";
import { mediaTable, multimodalTable } from "./media-tables.ts";
import { nearestKey } from "./nearest-key.ts";
import { opsOverrides, opsTable } from "./ops-table.ts";
import type { Override } from "./overrides.ts";
import { proxyOverrides, proxyTable } from "./proxy-table.ts";
import { readTable, type TableDeclaration, type TableReading, type TableSources } from "./read-table.ts";
import { secretsOf } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { agentTable, logTable, stateTable } from "./shared-tables.ts";
import { isTable, tableOr, type Table } from "./table.ts";
import { transcriptionTable } from "./transcription-table.ts";
import { unknownKeyWarning, unknownKeyWarnings } from "./unknown-keys.ts";

/** The settings, and how far they can be relied on. */
export interface SettingsReading {
  /** Defaults stand in for tables with problems. */
  readonly settings: Settings;
  readonly isProxyValid: boolean;
  /** `[transcription]`, where it is there and valid: what it comes to is decided for each channel. */
  readonly transcription: Table | undefined;
  /** Something that all channels share is wrong. */
  readonly isBlocked: boolean;
}

/** What settings are read with. */
export interface SettingsOptions {
  readonly sources: TableSources;
  readonly findings: Findings;
  /** The user's home folder. */
  readonly home: string;
}

const KNOWN_ROOT_KEYS = ["channels_config", "multimodal", "media", "transcription", "agent", "log", "state", "ops", "proxy", "plugins", "secrets"];

/** Reads everything in the file that is no channel's own section. */
export function readSettings(root: Table, isSection: (name: string) => boolean, { sources, findings, home }: SettingsOptions): SettingsReading {
  const invalid = new Set<string>();
  const look = <T>(declaration: TableDeclaration<T>, raw: unknown, overrides: readonly Override[] = []): TableReading<T> => {
    const { path, fields } = declaration;
    const reading = readTable(declaration, raw, { sources, overrides });
    findings.report(reading.problems, path);
    findings.secrets.push(...secretsOf(reading.table, fields));
    findings.tables.push({ path, fields, raw: tableOr(raw), table: reading.table, overrides });
    if (reading.value === undefined) invalid.add(path);
    return reading;
  };
  const read = <T>(declaration: TableDeclaration<T>, raw: unknown, overrides?: readonly Override[]): T => look(declaration, raw, overrides).value ?? defaultOf(declaration);

  const dispatch = dispatchKeys(root["channels_config"], isSection);
  const media = read(mediaTable, root["media"] ?? {});
  const roots = absoluteRoots(media.roots, { folder: sources.folder, home });
  const unfit = rootProblems(roots, { folder: sources.folder, home });
  findings.report(unfit, mediaTable.path);
  if (unfit.length > 0) invalid.add(mediaTable.path);
  const settings = {
    dispatch: read(dispatchTable, dispatch),
    multimodal: read(multimodalTable, root["multimodal"] ?? {}),
    media: { ...media, roots },
    agent: read(agentTable, root["agent"] ?? {}),
    log: read(logTable, root["log"] ?? {}),
    state: read(stateTable, root["state"] ?? {}),
    ops: read(opsTable, root["ops"] ?? {}, opsOverrides(sources.environment)),
    proxy: read(proxyTable, root["proxy"] ?? {}, proxyOverrides(tableOr(root["proxy"]), sources.environment)),
    channels: {},
  };
  const transcription = root["transcription"] === undefined ? undefined : look(transcriptionTable, root["transcription"]);
  findings.warnings.push(...warningsOf(root, tableOr(dispatch)));
  const isProxyValid = !invalid.delete(proxyTable.path);
  return { settings, isProxyValid, transcription: transcription?.value && transcription.table, isBlocked: invalid.size > 0 };
}

/** `[channels_config]` without the channels: those we know, `cli`, and every table of a channel we do not ship. */
function dispatchKeys(channels: unknown, isSection: (name: string) => boolean): unknown {
  if (!isTable(channels)) return channels ?? {};
  const own = dispatchTable.fields.map(({ key }) => key);
  const isOwn = ([key, value]: [string, unknown]): boolean => own.includes(key) || (!isTable(value) && !isSection(key) && key !== "cli");
  return Object.fromEntries(Object.entries(channels).filter(isOwn));
}

function warningsOf(root: Table, dispatch: Table): string[] {
  const inert = [
    ...keysWithoutEffect(dispatch, INERT_DISPATCH_KEYS).map((key) => `channels_config.${key}`),
    ...keysWithoutEffect(tableOr(root["media"]), INERT_MEDIA_KEYS).map((key) => `media.${key}`),
    ...keysWithoutEffect(tableOr(root["log"]), INERT_LOG_KEYS).map((key) => `log.${key}`),
  ];
  return [
    ...[dispatchTable, multimodalTable, mediaTable, transcriptionTable, logTable, stateTable, opsTable, proxyTable].flatMap(({ path, fields }) =>
      unknownKeyWarnings(path === dispatchTable.path ? dispatch : tableOr(root[path]), fields, path),
    ),
    ...summary(tableOr(root["agent"]), agentTable.fields.map(({ key }) => key), "agent."),
    ...summary(root, KNOWN_ROOT_KEYS, ""),
    ...(inert.length === 0 ? [] : [`Accepted, but without effect in this version: ${inert.join(", ")}`]),
  ];
}

/** Keys of the original that we do not have are no mistake, so one sentence names them all; a likely typo gets its own. */
function summary(table: Table, known: readonly string[], prefix: string): string[] {
  const strangers = Object.keys(table).filter((key) => !known.includes(key));
  const typos = strangers.filter((key) => nearestKey(key, known) !== undefined);
  const others = strangers.filter((key) => !typos.includes(key));
  return [
    ...typos.map((key) => unknownKeyWarning(`${prefix}${key}`, known)),
    ...(others.length === 0 ? [] : [`Ignored, this version has no use for them: ${others.map((key) => `${prefix}${key}`).join(", ")}`]),
  ];
}
