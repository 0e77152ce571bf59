import type { Logger } from "@revka/core";
import { EXIT } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";

/** Why a long-running command ends. */
export type StopCause = { readonly kind: "signal" } | { readonly kind: "crash"; readonly error: unknown };

/** Watches the process until it is disposed. */
export interface StopSignals extends Disposable {
  /** Resolves at the first reason to stop. */
  readonly stopping: Promise<StopCause>;
  /** From now on SIGHUP calls this; before, it is ignored with a log line. */
  onHangup(listener: () => void): void;
}

/**
 * SIGTERM and SIGINT ask for an orderly stop, and the second one ends the process at once with 130. SIGHUP never ends it.
 * What nobody caught is a reason to stop, too: the process is in a state that nobody foresaw.
 */
export function watchStopSignals({ signals, exit }: Pick<CommandIo, "signals" | "exit">, logger: Logger): StopSignals {
  const { promise, resolve } = Promise.withResolvers<StopCause>();
  let asked = 0;
  let hangup = (): void => logger.info({ signal: "SIGHUP" }, "SIGHUP ignored: there is nothing to read again");
  const onStop = (): void => {
    asked += 1;
    if (asked > 1) exit(EXIT.interrupted);
    resolve({ kind: "signal" });
  };
  const listeners = {
    SIGTERM: onStop,
    SIGINT: onStop,
    SIGHUP: () => hangup(),
    uncaughtException: (error: unknown) => resolve({ kind: "crash", error }),
  };
  for (const [event, listener] of Object.entries(listeners)) signals.on(event, listener);
  return {
    stopping: promise,
    onHangup: (listener) => void (hangup = listener),
    [Symbol.dispose]() {
      for (const [event, listener] of Object.entries(listeners)) signals.off(event, listener);
    },
  };
}
