import { TransientError } from "@revka/core";
import type { Command } from "commander";
import type { ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { isDebug, reportError } from "./report-error.ts";

/** The sandbox's own package. */
export type SandboxLibrary = typeof import("@revka/sandbox");

/** Loads the sandbox, runs the command and sets its exit code. It needs no configuration. */
export async function withSandbox(command: Command, io: CommandIo, run: (library: SandboxLibrary) => Promise<ExitCode>): Promise<void> {
  const library = await import("@revka/sandbox");
  try {
    io.setExitCode(await run(library));
  } catch (error) {
    const foreseen = error instanceof library.SandboxError ? new TransientError(error.message, { cause: error }) : error;
    const { logLevel } = command.optsWithGlobals<{ logLevel?: string }>();
    io.setExitCode(reportError(foreseen, { stderr: io.stderr, isDebug: isDebug(logLevel) }));
  }
}
