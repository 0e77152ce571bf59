import type { Clock } from "@revka/core";
import type { Environment } from "../config/environment.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Gateway, GatewayOptions } from "../gateway-options.ts";
import type { ImportModule } from "../load-definition.ts";
import type { Prompts } from "../onboarding/prompts.ts";
import type { RunProgram } from "../service/run-program.ts";
import type { Output } from "../terminal.ts";

/** Where signals come from: `process`, or an emitter in a test. */
export interface SignalSource {
  on(event: string, listener: (cause: unknown) => void): unknown;
  off(event: string, listener: (cause: unknown) => void): unknown;
}

/** Everything a command may touch of the world, so that a test can run it in its own process. */
export interface CommandIo {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly environment: Environment;
  /** The user's home folder. */
  readonly home: string;
  /** The path of the running program. */
  readonly programPath: string;
  /** How this program is run again: Node, its options, the program. */
  readonly command: readonly string[];
  readonly platform: NodeJS.Platform;
  /** Runs a program of the system. */
  readonly runProgram: RunProgram;
  readonly clock: Clock;
  readonly signals: SignalSource;
  readonly importModule: ImportModule;
  readonly createGateway: (options: GatewayOptions) => Promise<Gateway>;
  /** Questions to the person at the terminal; undefined where there is none. */
  readonly openPrompts: () => Promise<Prompts | undefined>;
  /** What the process ends with, once nothing keeps it. */
  setExitCode(code: ExitCode): void;
  /** Ends the process now. */
  exit(code: ExitCode): void;
}
