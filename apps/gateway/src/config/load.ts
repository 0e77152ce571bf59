import { ConfigError, parseSection, stringList } from "@revka/core";
import type { ImportModule } from "../load-definition.ts";
import { createRegistry } from "../registry.ts";
import { readKeys } from "../secrets/key-file.ts";
import { settingsByChannel } from "./channel-settings.ts";
import { withDotenv } from "./dotenv.ts";
import type { Environment } from "./environment.ts";
import { createFindings, type Findings } from "./findings.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { locateConfig } from "./locate.ts";
import { readDocument } from "./read-document.ts";
import { readSections } from "./read-sections.ts";
import { readSettings } from "./read-settings.ts";
import { ROOT_FIELDS } from "./root-fields.ts";
import { withServedNames } from "./served-names.ts";
import { deepFreeze, tableOr } from "./table.ts";

/** What a configuration is loaded with. */
export interface LoadOptions {
  /** `--config`: the file, or the folder it is in. */
  readonly option?: string | undefined;
  readonly environment: Environment;
  readonly home: string;
  readonly importModule: ImportModule;
  readonly programPath: string;
}

/**
 * Reads the whole configuration: parse, interpolate, decrypt, override from the environment, validate, freeze.
 *
 * It never throws for what the operator wrote: every problem is in the result, next to everything that is right.
 */
export async function loadConfig({ option, environment: given, home, importModule, programPath }: LoadOptions): Promise<LoadedConfig> {
  const place = locateConfig({ option, environment: given, home });
  const { environment, warnings } = withDotenv(given, place.workspace);
  const { root, lines, hasFile, ...document } = readDocument(place, environment);
  const findings = createFindings({ file: place.file, lines });
  findings.problems.push(...document.problems);
  findings.warnings.push(...document.warnings, ...warnings);

  findings.tables.push({ path: "", fields: ROOT_FIELDS, raw: root, table: root, overrides: [] });
  const plugins = readPlugins(root["plugins"], findings);
  const registry = await createRegistry({ plugins, importModule, programPath });
  for (const { packageName, reason } of registry.unusablePlugins) {
    findings.report([{ path: "plugins", found: `"${packageName}": ${reason}`, allowed: "installed packages that export a channel definition" }], "");
  }
  const isSection = (name: string): boolean => registry.available.has(name) || registry.absent.has(name);
  const sources = { environment, folder: place.folder, secretKeys: () => readKeys(place.folder) };
  const { settings, isProxyValid, transcription, isBlocked } = readSettings(root, isSection, { sources, findings, home });
  const channels = tableOr(root["channels_config"]);
  const { sections, skipped } = readSections(channels, { registry, sources, findings, isProxyValid, transcription });

  return Object.freeze({
    ...place,
    hasFile,
    settings: deepFreeze({ ...settings, proxy: withServedNames(settings.proxy, sections.values()), channels: settingsByChannel(sections.values()) }),
    sections,
    available: [...registry.available.values()].map(({ section }) => section),
    definitions: new Map([...registry.available].map(([name, { definition }]) => [name, definition])),
    skipped,
    problems: findings.problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    isBlocked: isBlocked || document.problems.length > 0,
    warnings: findings.warnings,
    secrets: [...new Set(findings.secrets)],
    tables: findings.tables,
    lines,
  });
}

function readPlugins(raw: unknown, findings: Findings): readonly string[] {
  try {
    return parseSection(stringList, raw, { path: "plugins", fields: [] });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    findings.report(error.problems, "");
    return [];
  }
}
