import type { Logger, Redactor } from "@revka/core";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { createProxyFor } from "../config/proxy-policy.ts";
import { problemLine } from "../config/report.ts";
import type { Settings } from "../config/settings.ts";
import { createChannels } from "../create-channels.ts";
import { describeError } from "../describe-error.ts";
import type { Gateway } from "../gateway-options.ts";
import { logChannels } from "../logging/log-configuration.ts";
import { compareConfigs, type ConfigDifference } from "./compare-configs.ts";

/** What a new configuration is applied to. */
export interface ReloadSubject {
  readonly gateway: Pick<Gateway, "channels" | "reconfigure">;
  readonly load: () => Promise<LoadedConfig>;
  readonly logger: Logger;
  readonly redactor: Redactor;
  /** Called with the settings that hold from now on. */
  readonly onApplied: (settings: Settings) => void;
}

const component = "config";

/**
 * Gives the function that reads the configuration anew and applies what has changed since the last time.
 *
 * A configuration with a problem changes nothing: every problem is logged, and what runs goes on as it is. It never rejects.
 */
export function createReload(started: LoadedConfig, subject: ReloadSubject): () => Promise<void> {
  const { logger } = subject;
  let applied = started;
  return async () => {
    try {
      const next = await subject.load();
      if (next.problems.length > 0) {
        for (const problem of next.problems) logger.error({ component, section: problem.section }, problemLine(problem));
        logger.error({ component, path: next.file }, "The changed configuration is not applied: everything goes on as it was");
        return;
      }
      logNews(next, applied, logger);
      await apply(next, compareConfigs(applied, next, started.settings), subject);
      applied = next;
    } catch (error) {
      const reason = describeError(error, { redact: (text) => subject.redactor.text(text) });
      logger.error({ component, error: reason }, "The changed configuration could not be applied: everything goes on as it was");
    }
  };
}

/** What was said before is not said again. */
function logNews({ warnings, skipped }: LoadedConfig, before: LoadedConfig, logger: Logger): void {
  for (const warning of warnings) if (!before.warnings.includes(warning)) logger.warn({ component }, warning);
  for (const { message, section } of skipped) if (!before.skipped.some((old) => old.message === message)) logger.warn({ component, channel: section }, message);
}

/** @throws what the first channel throws that cannot be made, and then nothing has changed. */
async function apply(next: LoadedConfig, { leaving, coming, applied, needRestart }: ConfigDifference, { gateway, logger, redactor, onApplied }: ReloadSubject): Promise<void> {
  for (const secret of next.secrets) redactor.add(secret);
  logChannels(logger, coming, createProxyFor(next.settings.proxy));
  const before = gateway.channels.map(({ name }) => name);
  if (leaving.length + applied.length > 0) {
    await gateway.reconfigure({
      leaving,
      settings: next.settings,
      async createChannels(contextOf) {
        const { channels, warnings, failures } = await createChannels(coming, contextOf);
        if (failures[0] !== undefined) throw failures[0].error;
        return { channels, warnings };
      },
    });
  }
  onApplied(next.settings);
  const touched = before.filter((name) => leaving.includes(name));
  const now = gateway.channels.map(({ name }) => name);
  const news = { restarted: touched.filter((name) => now.includes(name)), added: now.filter((name) => !before.includes(name)), removed: touched.filter((name) => !now.includes(name)) };
  logger.info({ component, path: next.file, ...news, tables: applied }, leaving.length + applied.length === 0 ? "Configuration read again; nothing has changed" : "Configuration applied");
  if (needRestart.length > 0) logger.warn({ component, tables: needRestart }, `Changed, but not applied while running: ${needRestart.join(", ")}; restart revka daemon`);
}
