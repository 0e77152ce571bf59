import type { Logger, Redactor } from "@revka/core";
import { pino, stdTimeFunctions } from "pino";
import { prettyFactory } from "pino-pretty";
import type { LogSettings } from "../config/settings.ts";
import { serializeError } from "./serialize-error.ts";

/** Where log lines go. */
export interface LogOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** What a logger is made with. */
export interface LoggerOptions {
  readonly settings: LogSettings;
  readonly output: LogOutput;
  /** Every line goes through it, whoever wrote it. */
  readonly redactor: Redactor;
  /** Whether pretty lines may have colours. */
  readonly hasColour: boolean;
}

/** A logger whose level may change. */
export interface LevelledLogger extends Logger {
  level: string;
}

/** The program's logger: JSON lines, or pretty ones on a terminal. The redactor sits at the sink, so nothing goes around it. */
export function createLogger({ settings, output, redactor, hasColour }: LoggerOptions): LevelledLogger {
  const format = settings.format ?? (output.isTTY === true ? "pretty" : "json");
  const render = format === "pretty" ? prettyFactory({ colorize: hasColour, translateTime: "SYS:HH:MM:ss.l", ignore: "component" }) : undefined;
  const sink = {
    write(line: string): void {
      const redacted = redactor.text(line);
      output.write(render?.(redacted) ?? redacted);
    },
  };
  return pino(
    {
      level: settings.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: (value: unknown) => serializeError(value), err: (value: unknown) => serializeError(value) },
      mixin: () => ({ component: "gateway" }),
    },
    sink,
  );
}
