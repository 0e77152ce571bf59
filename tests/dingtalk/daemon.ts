import type { PlatformSettings } from "@revka/sandbox";
import { startDaemon as startOn, type Daemon } from "../support/daemon.ts";

/** What a daemon is started on. */
export interface DaemonOptions {
  /** Where its configuration and its state are. */
  readonly folder: string;
  readonly settings: PlatformSettings;
  /** How long the echo thinks. @default 0 */
  readonly delayMs?: number;
}

/** Starts the daemon with one channel, open to everybody; it is gone when the test is over. */
export function startDaemon({ folder, settings, delayMs = 0 }: DaemonOptions): Promise<Daemon> {
  return startOn(folder, configOf(settings, delayMs));
}

function configOf({ section, values }: PlatformSettings, delayMs: number): string {
  const keys = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return ["[agent]", 'kind = "echo"', `delay_ms = ${delayMs}`, `[channels_config.${section}]`, 'allowed_users = ["*"]', ...keys, ""].join("\n");
}
