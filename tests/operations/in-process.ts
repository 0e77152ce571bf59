import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { systemClock, type Clock } from "@revka/core";
import { createGateway } from "@revka/gateway";
import type { CommandIo } from "../../apps/gateway/src/commands/command-io.ts";
import { runCli } from "../../apps/gateway/src/commands/run-cli.ts";

/** How `revka` is run in this process. */
export interface InProcessRun {
  /** @default the machine's */
  readonly clock?: Clock;
  /** Where its signals come from. */
  readonly signals?: EventEmitter;
  readonly environment?: Readonly<Record<string, string>>;
  /** Told of everything that is written, as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** What a command has left behind. */
export interface InProcessEnd {
  readonly exitCode: number | undefined;
  /** Both outputs, as they came. */
  readonly output: string;
}

/** Runs a command as the program does, with every channel package and the real gateway, but without a process for it: many may be run in the time of one. */
export async function runInProcess(args: readonly string[], { clock = systemClock, signals = new EventEmitter(), environment = {}, onOutput }: InProcessRun = {}): Promise<InProcessEnd> {
  let [exitCode, output] = [undefined as number | undefined, ""];
  const write = (text: string): void => {
    output += text;
    onOutput?.(text);
  };
  const io: CommandIo = {
    stdout: { write },
    stderr: { write },
    stdin: Readable.from([]),
    environment: { REVKA_GATEWAY_PORT: "0", ...environment },
    home: "/nonexistent",
    programPath: "revka",
    command: ["revka"],
    platform: "linux",
    runProgram: () => Promise.resolve({ kind: "missing" }),
    clock,
    signals,
    importModule: (specifier): Promise<unknown> => import(specifier),
    createGateway: (options) => createGateway({ ...options, clock }),
    openPrompts: () => Promise.resolve(undefined),
    setExitCode: (code) => (exitCode = code),
    exit: (code) => (exitCode = code),
  };
  await runCli(args, io);
  return { exitCode, output };
}
