import type { LogCall, Logger } from "@revka/core";

/** A logger that adds `fields` to every line; what a call says itself goes before them. */
export function scopeLogger(logger: Logger, fields: Readonly<Record<string, unknown>>): Logger {
  const scope =
    (level: keyof Logger): LogCall =>
    (own, message) =>
      logger[level]({ ...fields, ...own }, message);
  return { error: scope("error"), warn: scope("warn"), info: scope("info"), debug: scope("debug"), trace: scope("trace") };
}
