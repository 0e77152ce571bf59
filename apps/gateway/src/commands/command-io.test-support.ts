import { EventEmitter } from "node:events";
import { createContext, systemClock, type Clock } from "@revka/core";
import { createTestHome, importing, type TestHome } from "../config/config-folder.test-support.ts";
import type { Environment } from "../config/environment.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Gateway, GatewayOptions } from "../gateway-options.ts";
import type { Prompts } from "../onboarding/prompts.ts";
import type { RunProgram } from "../service/run-program.ts";
import type { CommandIo } from "./command-io.ts";
import { runCli } from "./run-cli.ts";

/** A command line in this process: what it printed and ended with. */
export interface TestTerminal extends Disposable {
  readonly home: TestHome;
  readonly io: CommandIo;
  readonly signals: EventEmitter;
  /** Everything the gateways of this terminal were made with. */
  readonly gateways: GatewayOptions[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: ExitCode | undefined;
  /** The code of an exit at once, e.g. after a second interrupt. */
  readonly exitedWith: ExitCode | undefined;
  run(...args: readonly string[]): Promise<void>;
}

/** What a terminal begins with. */
export interface TestTerminalOptions {
  /** `~/.revka/config.toml`. */
  readonly config?: string;
  readonly environment?: Environment;
  readonly modules?: Readonly<Record<string, unknown>>;
  readonly stdin?: readonly (string | Uint8Array)[];
  readonly clock?: Clock;
  /** Default: linux. */
  readonly platform?: NodeJS.Platform;
  /** By default every program is missing. */
  readonly runProgram?: RunProgram;
  /** Somebody at the terminal; by default there is none. */
  readonly prompts?: Prompts;
  readonly createGateway?: (options: GatewayOptions) => Promise<Gateway>;
}

/** A terminal with its own home folder; its gateways do nothing unless told otherwise. */
export function createTestTerminal(options: TestTerminalOptions = {}): TestTerminal {
  const home = createTestHome();
  if (options.config !== undefined) home.write(".revka/config.toml", options.config);
  const printed = { stdout: "", stderr: "" };
  const codes: { exit?: ExitCode; end?: ExitCode } = {};
  const signals = new EventEmitter();
  const gateways: GatewayOptions[] = [];
  const io: CommandIo = {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    stdin: chunksOf(options.stdin ?? []),
    environment: { REVKA_GATEWAY_PORT: "0", ...options.environment }, // tests share a machine
    home: home.path,
    programPath: "/opt/revka/dist/cli.js",
    command: ["/usr/bin/node", "/opt/revka/dist/cli.js"],
    platform: options.platform ?? "linux",
    runProgram: options.runProgram ?? (() => Promise.resolve({ kind: "missing" })),
    clock: options.clock ?? systemClock,
    signals,
    importModule: importing(options.modules),
    createGateway(given) {
      gateways.push(given);
      return (options.createGateway ?? createIdleGateway)(given);
    },
    openPrompts: () => Promise.resolve(options.prompts),
    setExitCode: (code) => (codes.end = code),
    exit: (code) => (codes.exit = code),
  };
  return {
    ...{ home, io, signals, gateways },
    get stdout() {
      return printed.stdout;
    },
    get stderr() {
      return printed.stderr;
    },
    get exitCode() {
      return codes.end;
    },
    get exitedWith() {
      return codes.exit;
    },
    run: (...args) => runCli(args, io),
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}

async function* chunksOf(chunks: readonly (string | Uint8Array)[]): AsyncIterable<string | Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

/** What a test does while a gateway seems to run. */
export interface GatewayHooks {
  readonly onStart?: () => void;
  readonly closed?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
  readonly reconfigure?: Gateway["reconfigure"];
}

/** A gateway that makes its channels, says that it runs, and does nothing until it is stopped. */
export async function createIdleGateway(options: GatewayOptions, hooks: GatewayHooks = {}): Promise<Gateway> {
  const { channels } = await options.createChannels((instance) => createContext(instance));
  const closed = hooks.closed?.() ?? Promise.withResolvers<undefined>().promise;
  closed.catch(() => undefined); // whoever cares awaits it
  return {
    channels,
    start: () =>
      new Promise((resolve) => {
        hooks.onStart?.();
        resolve();
      }),
    replay: () => Promise.resolve("unknown"),
    drop: () => Promise.resolve(false),
    stop: hooks.stop ?? (() => Promise.resolve()),
    closed,
    reconfigure: hooks.reconfigure ?? (() => Promise.resolve()),
    snapshot: () => ({ state: "running", isDegraded: false, unfinished: 0, thinking: 0, channels: [] }),
  };
}
