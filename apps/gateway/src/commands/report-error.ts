import { isChannelError, type Redactor } from "@revka/core";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Output } from "../terminal.ts";

/** How an error is told. */
export interface ErrorReport {
  readonly stderr: Output;
  readonly redactor?: Redactor | undefined;
  /** With the stack, for `--log-level debug`. */
  readonly isDebug: boolean;
}

/** Tells the operator why a command failed, in one line where that is enough, and gives the exit code. */
export function reportError(error: unknown, { stderr, redactor, isDebug }: ErrorReport): ExitCode {
  const text = describe(error, isDebug);
  stderr.write(`${redactor?.text(text) ?? text}\n`);
  return isChannelError(error) && error.code === "config" ? EXIT.config : EXIT.failure;
}

/** Whether a `--log-level` asks for stacks. */
export function isDebug(logLevel: string | undefined): boolean {
  return logLevel === "debug" || logLevel === "trace";
}

function describe(error: unknown, isDebug: boolean): string {
  if (!(error instanceof Error)) return `revka: ${String(error)}`;
  if (isDebug) return `revka: ${error.stack ?? error.message}`;
  if (isChannelError(error)) return `revka: ${error.message}`;
  return `revka: ${error.message} (unexpected; --log-level debug shows where)`;
}
