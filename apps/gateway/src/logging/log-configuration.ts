import type { Logger } from "@revka/core";
import { factsOf } from "../channel-facts.ts";
import type { LoadedConfig, SkippedSection } from "../config/loaded-config.ts";
import type { ProxyFor } from "../config/proxy-policy.ts";
import { problemLine } from "../config/report.ts";

/** Logs at the start what was found: the file, everything that is wrong with it, and a line for each channel. */
export function logConfiguration(logger: Logger, config: LoadedConfig, proxyFor: ProxyFor): void {
  const component = "config";
  const { file, workspace, source, hasFile } = config;
  logger.info({ component, path: file, workspace, source, initialized: hasFile }, "Config loaded");
  for (const problem of config.problems) logger.error({ component, section: problem.section }, problemLine(problem));
  for (const warning of config.warnings) logger.warn({ component }, warning);
  for (const skipped of config.skipped) logSkipped(logger, skipped);
  logChannels(logger, config.sections, proxyFor);
}

/** A line for each channel: how it receives, its proxy, and who may write. */
export function logChannels(logger: Logger, sections: LoadedConfig["sections"], proxyFor: ProxyFor): void {
  for (const [channel, configured] of sections) {
    const { mode, proxy, allowedUsers } = factsOf(configured, proxyFor);
    const allowlist = allowedUsers !== undefined && { allowed_users: allowedUsers, open_to_everybody: allowedUsers === "*" };
    logger.info({ component: "config", channel, mode, proxy, ...allowlist }, "Channel configured");
  }
}

/** A package that is not here is odd, one that does not load needs an operator. */
function logSkipped(logger: Logger, skipped: SkippedSection): void {
  const level = skipped.reason === "broken" || skipped.reason === "proxy" ? "error" : "warn";
  const cause = "error" in skipped ? { error: skipped.error } : {};
  logger[level]({ component: "config", channel: skipped.section, ...cause }, skipped.message);
}
