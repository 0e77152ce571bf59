import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const cli = fileURLToPath(new URL("../../apps/gateway/src/cli.ts", import.meta.url));

/** `revka daemon`, in a process of its own. */
export interface Daemon {
  /** What it logged so far, line by line. */
  readonly lines: readonly string[];
  /** The first line that holds this, as soon as it comes. */
  readonly logged: (text: string) => Promise<string>;
  /** Ends it, and waits for that: how it ended. */
  readonly end: (signal: "SIGKILL" | "SIGTERM") => Promise<number | NodeJS.Signals>;
}

/** Starts the daemon on a folder with this configuration; it is gone when the test is over. */
export async function startDaemon(folder: string, config: string): Promise<Daemon> {
  const file = join(folder, "config.toml");
  await writeFile(file, config, { mode: 0o600 });
  const daemon = spawn(process.execPath, ["--conditions=@revka/source", "--no-warnings", cli, "daemon", "--config", file], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(daemon, "exit").then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  const lines: string[] = [];
  const news = new EventEmitter();
  createInterface(daemon.stderr).on("line", (line) => {
    lines.push(line);
    news.emit("line");
  });
  const end: Daemon["end"] = (signal) => {
    daemon.kill(signal);
    return ended;
  };
  onTestFinished(async () => {
    await end("SIGKILL");
  });
  async function logged(text: string): Promise<string> {
    for (;;) {
      const line = lines.find((candidate) => candidate.includes(text));
      if (line !== undefined) return line;
      await once(news, "line");
    }
  }
  return { lines, logged, end };
}
