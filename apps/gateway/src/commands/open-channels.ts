import { createContext } from "@revka/core";
import { createChannels, type ChannelsMade } from "../create-channels.ts";
import { createLogger } from "../logging/create-logger.ts";
import { chooseLogLevel } from "../logging/log-level.ts";
import { scopeLogger } from "../scoped-logger.ts";
import { hasColour } from "../terminal.ts";
import type { ConfiguredRun } from "./with-config.ts";

/** Makes the channels for a single command: nothing listens, state is in memory, only warnings and worse are logged. */
export function openChannels({ io, config, redactor, proxyFor, logLevel }: ConfiguredRun): Promise<ChannelsMade> {
  const logger = createLogger({
    settings: { ...config.settings.log, level: chooseLogLevel(logLevel, io.environment, "warn").level },
    output: io.stderr,
    redactor,
    hasColour: hasColour(io.stderr, io.environment),
  });
  return createChannels(config.sections, (instance) =>
    createContext(instance, {
      logger: scopeLogger(logger, { component: `channel:${instance}`, channel: instance }),
      clock: io.clock,
      proxyFor: (url) => proxyFor(instance, url),
      addSecret: (value) => redactor.add(value),
    }),
  );
}
