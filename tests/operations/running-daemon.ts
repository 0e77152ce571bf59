import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { cli } from "../support/revka.ts";

/** `revka daemon` in a process of its own, up and running. */
export interface RunningDaemon {
  readonly pid: number;
  /** Where its operations listener is; empty where it has none. */
  readonly opsUrl: string;
  /** Everything it has written, to both outputs. */
  readonly output: () => string;
  /** The first log line that holds this, as soon as it comes. */
  readonly logged: (text: string) => Promise<string>;
  readonly signal: (name: "SIGTERM" | "SIGINT" | "SIGKILL") => void;
  /** How it ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** How a daemon is run besides its configuration. */
export interface DaemonRun {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the daemon on a folder, with this configuration unless one is there already; it is gone when the test is over. Its operations listener takes any port. */
export async function runDaemon(folder: string, config?: string, { args = [], env = {} }: DaemonRun = {}): Promise<RunningDaemon> {
  const file = join(folder, "config.toml");
  if (config !== undefined) await writeFile(file, config, { mode: 0o600 });
  const child = spawn(process.execPath, ["--conditions=@revka/source", "--no-warnings", cli, "daemon", "--config", file, ...args], {
    env: { ...process.env, REVKA_GATEWAY_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit").then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const written = { stdout: "", stderr: "" };
  const news = new EventEmitter();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
      news.emit("more");
    });
  }
  const seen = async <T>(look: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if ((await Promise.race([once(news, "more"), ended.then(() => "ended")])) === "ended") throw new Error(`the daemon ended:\n${written.stdout}${written.stderr}`);
    }
  };
  const banner = await seen(() => (written.stdout.includes("to stop\n") ? written.stdout : undefined));
  return {
    pid: child.pid ?? 0,
    opsUrl: /Gateway: +(\S+)/.exec(banner)?.[1] ?? "",
    output: () => written.stdout + written.stderr,
    logged: (text) => seen(() => written.stderr.split("\n").slice(0, -1).find((line) => line.includes(text))),
    signal: (name) => void child.kill(name),
    ended,
  };
}
