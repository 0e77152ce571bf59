import { CommanderError } from "commander";
import { EXIT } from "../exit-codes.ts";
import { describeVersion } from "../version.ts";
import type { CommandIo } from "./command-io.ts";
import { createProgram } from "./program.ts";
import { isDebug, reportError } from "./report-error.ts";

/** Runs one command line, without the program's own name. Never rejects: what goes wrong becomes a line and an exit code. */
export async function runCli(args: readonly string[], io: CommandIo): Promise<void> {
  // Looking for the channel packages takes a moment, so nobody waits for it who did not ask.
  const asksForVersion = args.some((arg) => arg === "--version" || arg === "-V");
  const program = createProgram(io, asksForVersion ? await describeVersion(io.importModule) : "");
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has told why already; asking for help is no mistake.
      io.setExitCode(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
      return;
    }
    const { logLevel } = program.opts<{ logLevel?: string }>();
    io.setExitCode(reportError(error, { stderr: io.stderr, isDebug: isDebug(logLevel) }));
  }
}
