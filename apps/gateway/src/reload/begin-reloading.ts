import type { Clock, Logger } from "@revka/core";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { createReload, type ReloadSubject } from "./apply-config.ts";
import { createReloader } from "./reloader.ts";
import { watchFile } from "./watch-file.ts";

/** What reloading goes by. */
export interface ReloadingOptions extends ReloadSubject {
  /** What the gateway was started with. */
  readonly started: LoadedConfig;
  readonly signals: { onHangup(listener: () => void): void };
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Applies the configuration anew whenever its file changes, and on SIGHUP; until it is disposed, which waits for what has begun. */
export function beginReloading({ started, signals, clock, ...subject }: ReloadingOptions): AsyncDisposable {
  const { logger } = subject;
  const reloader = createReloader(createReload(started, subject), clock);
  const watcher = watchFile(started.file, {
    onChange: () => reloader.request(),
    onError: (error) => logger.warn({ component: "config", error }, "Changes of the configuration file are not noticed; SIGHUP applies them"),
  });
  signals.onHangup(() => {
    logger.info({ component: "config", signal: "SIGHUP" }, "Reading the configuration again");
    reloader.request();
  });
  return {
    async [Symbol.asyncDispose]() {
      watcher[Symbol.dispose]();
      await reloader[Symbol.asyncDispose]();
    },
  };
}
