import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** A program in a pseudo-terminal of its own. */
export interface PtyProgram extends AsyncDisposable {
  /** Resolves with what was drawn once that matches `pattern`, since the last call; rejects when the program ends before. */
  shown(pattern: RegExp): Promise<string>;
  /** Presses keys. */
  type(keys: string): void;
  /** Everything that was drawn, as plain text. */
  readonly screen: string;
  readonly exitCode: Promise<number | null>;
}

/** Why there is no pseudo-terminal here; undefined when there is one. */
export function whyNoPty(): string | undefined {
  const { status, stdout } = spawnSync("script", ["--version"], { encoding: "utf8" });
  return status === 0 && stdout.includes("util-linux") ? undefined : "util-linux's `script` is not installed: it makes the pseudo-terminal";
}

/** Runs a command line in a pseudo-terminal of 120 by 40 that `script` makes. */
export function runInPty(commandLine: string, environment: NodeJS.ProcessEnv): PtyProgram {
  const child: ChildProcessWithoutNullStreams = spawn("script", ["--quiet", "--flush", "--return", "--command", `stty cols 120 rows 40; exec ${commandLine}`, "/dev/null"], { env: environment });
  let drawn = "";
  let screen = "";
  let seen = 0;
  let notify = (): void => undefined;
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const look = (chunk: Buffer): void => {
    drawn += chunk.toString();
    screen = stripVTControlCharacters(drawn);
    notify();
  };
  child.stdout.on("data", look);
  child.stderr.on("data", look);
  return {
    async shown(pattern) {
      for (;;) {
        const match = pattern.exec(screen.slice(seen));
        if (match !== null) {
          seen += match.index + match[0].length;
          return match[1] ?? match[0];
        }
        const more = new Promise<"more">((resolve) => (notify = () => resolve("more")));
        if ((await Promise.race([more, exited])) !== "more") throw new Error(`ended without ${pattern.source}:\n${screen}`);
      }
    },
    type: (keys) => void child.stdin.write(keys),
    get screen() {
      return screen;
    },
    exitCode: exited,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
