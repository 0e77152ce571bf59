import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { cli } from "./revka.ts";

/** How a daemon ended: its exit code, or the signal that killed it. */
export type DaemonEnd = number | NodeJS.Signals;

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** `revka daemon` in a process of its own, up and running. */
export interface Daemon {
  readonly pid: number;
  /** Where its operations listener is; empty where it has none. */
  readonly opsUrl: string;
  /** Everything it has written, to both outputs. */
  readonly output: () => string;
  /** The first log line that holds this, as soon as it comes. */
  readonly logged: (text: string) => Promise<string>;
  /** The next log line with this message that no call has given yet. */
  readonly nextLogged: (message: string | RegExp) => Promise<LogLine>;
  readonly signal: (name: "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGKILL") => void;
  readonly ended: Promise<DaemonEnd>;
  /** Ends it, and waits for that. */
  readonly end: (signal: "SIGTERM" | "SIGKILL") => Promise<DaemonEnd>;
}

/** How a daemon is run besides its configuration. */
export interface DaemonRun {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the daemon on a folder, with this configuration unless one is there already; it is gone when the test is over. Its operations listener takes any port. */
export async function startDaemon(folder: string, config?: string, { args = [], env = {} }: DaemonRun = {}): Promise<Daemon> {
  const file = join(folder, "config.toml");
  if (config !== undefined) await writeFile(file, config, { mode: 0o600 });
  const child = spawn(process.execPath, ["--conditions=@revka/source", "--no-warnings", cli, "daemon", "--config", file, ...args], {
    env: { ...process.env, REVKA_GATEWAY_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit").then(([code, signal]) => (signal ?? code) as DaemonEnd);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const written = { stdout: "", stderr: "" };
  const news = new EventEmitter().setMaxListeners(0);
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
  const lines = (): string[] => written.stderr.split("\n").slice(0, -1);
  const banner = await seen(() => (written.stdout.includes("to stop\n") ? written.stdout : undefined));
  return {
    pid: child.pid ?? 0,
    opsUrl: /Gateway: +(\S+)/.exec(banner)?.[1] ?? "",
    output: () => written.stdout + written.stderr,
    logged: (text) => seen(() => lines().find((line) => line.includes(text))),
    nextLogged: createTaker(lines, seen),
    signal: (name) => void child.kill(name),
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function createTaker(lines: () => readonly string[], seen: <T>(look: () => T | undefined) => Promise<T>): Daemon["nextLogged"] {
  const given = new Set<number>();
  return (message) =>
    seen(() => {
      const parsed = lines().map((line) => JSON.parse(line) as LogLine);
      const index = parsed.findIndex(({ msg }, at) => !given.has(at) && (typeof message === "string" ? msg === message : message.test(String(msg))));
      if (index !== -1) given.add(index);
      return parsed[index];
    });
}
