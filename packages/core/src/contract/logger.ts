/** One log call: fields first, then a constant sentence. */
export type LogCall = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What a package needs of a logger; a pino instance fits as it is. */
export interface Logger {
  readonly error: LogCall;
  readonly warn: LogCall;
  readonly info: LogCall;
  readonly debug: LogCall;
  readonly trace: LogCall;
}

const nothing: LogCall = () => undefined;

/** Logs nothing: the default of a channel used as a library. */
export const silentLogger: Logger = { error: nothing, warn: nothing, info: nothing, debug: nothing, trace: nothing };
