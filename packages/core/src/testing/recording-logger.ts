import { inspect } from "node:util";
import type { LogCall, Logger } from "../contract/logger.ts";

/** One call of a recording logger. */
export interface LogEntry {
  readonly level: keyof Logger;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A logger that remembers. */
export interface RecordingLogger extends Logger {
  readonly entries: readonly LogEntry[];
  /** All entries as text, one a line and errors in full with their causes: what a search for secrets looks through. */
  text(): string;
}

/** A logger that keeps every entry of every level, for as long as the test keeps it. */
export function recordingLogger(): RecordingLogger {
  const entries: LogEntry[] = [];
  const record =
    (level: keyof Logger): LogCall =>
    (fields, message) =>
      void entries.push({ level, fields, message });
  return {
    error: record("error"),
    warn: record("warn"),
    info: record("info"),
    debug: record("debug"),
    trace: record("trace"),
    entries,
    text: () => entries.map(lineOf).join("\n"),
  };
}

function lineOf({ level, fields, message }: LogEntry): string {
  const shown = inspect(fields, { depth: 10, breakLength: Infinity, maxArrayLength: null, maxStringLength: null });
  return `${level} ${message} ${shown}`;
}
