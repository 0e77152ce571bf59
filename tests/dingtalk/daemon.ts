import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlatformSettings } from "@revka/sandbox";
import { onTestFinished } from "vitest";

const cli = fileURLToPath(new URL("../../apps/gateway/src/cli.ts", import.meta.url));

/** `revka daemon`, in a process of its own. */
export interface Daemon {
  /** Ends it, and waits for that: how it ended. */
  readonly end: (signal: "SIGKILL" | "SIGTERM") => Promise<number | NodeJS.Signals>;
}

/** What a daemon is started on. */
export interface DaemonOptions {
  /** Where its configuration and its state are. */
  readonly folder: string;
  readonly settings: PlatformSettings;
  /** How long the echo thinks. @default 0 */
  readonly delayMs?: number;
}

/** Starts the daemon with one channel, open to everybody; it is gone when the test is over. */
export async function startDaemon({ folder, settings, delayMs = 0 }: DaemonOptions): Promise<Daemon> {
  const config = join(folder, "config.toml");
  await writeFile(config, configOf(settings, delayMs));
  const daemon = spawn(process.execPath, ["--conditions=@revka/source", "--no-warnings", cli, "daemon", "--config", config], { stdio: "ignore" });
  const ended = once(daemon, "exit").then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  const end: Daemon["end"] = (signal) => {
    daemon.kill(signal);
    return ended;
  };
  onTestFinished(async () => {
    await end("SIGKILL");
  });
  return { end };
}

function configOf({ section, values }: PlatformSettings, delayMs: number): string {
  const keys = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return ["[agent]", 'kind = "echo"', `delay_ms = ${delayMs}`, `[channels_config.${section}]`, 'allowed_users = ["*"]', ...keys, ""].join("\n");
}
