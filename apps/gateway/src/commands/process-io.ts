import { homedir } from "node:os";
import process from "node:process";
import { systemClock } from "@revka/core";
import { runProgram } from "../service/run-program.ts";
import type { CommandIo } from "./command-io.ts";

/** The real world. The gateway is loaded when it is asked for: `--help` needs no database. */
export function createProcessIo(): CommandIo {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreNoReader);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    environment: process.env,
    home: homedir(),
    programPath: process.argv[1] ?? process.execPath,
    command: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
    platform: process.platform,
    runProgram,
    clock: systemClock,
    signals: process,
    importModule: (specifier): Promise<unknown> => import(specifier),
    createGateway: async (options) => (await import("../gateway.ts")).createGateway(options),
    async openPrompts() {
      if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
      const { createClackPrompts } = await import("../onboarding/clack-prompts.ts");
      return createClackPrompts(process.stdin, process.stdout);
    },
    setExitCode(code) {
      process.exitCode = code;
    },
    exit: (code) => process.exit(code),
  };
}

/** Nobody reads any more, as after `| head` or when the terminal is gone: what is said goes nowhere, and the work goes on. */
function ignoreNoReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
}
