import type { Logger } from "@revka/core";

/** A logger that also tells the component of every line at error. */
export function countErrors(logger: Logger, count: (component: string) => void): Logger {
  return {
    error(fields, message) {
      const { component } = fields as { readonly component?: unknown };
      count(typeof component === "string" ? component : "gateway");
      logger.error(fields, message);
    },
    warn: (fields, message) => logger.warn(fields, message),
    info: (fields, message) => logger.info(fields, message),
    debug: (fields, message) => logger.debug(fields, message),
    trace: (fields, message) => logger.trace(fields, message),
  };
}
