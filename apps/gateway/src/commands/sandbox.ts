import { InvalidArgumentError, type Command } from "commander";
import { silentLogger } from "@revka/core";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { reportError } from "./report-error.ts";
import { registerSandboxSay } from "./sandbox-say.ts";
import { watchStopSignals } from "./stop-signals.ts";
import { withSandbox, type SandboxLibrary } from "./with-sandbox.ts";

/** `revka sandbox`: the platforms on this machine, until Ctrl+C; and `revka sandbox say`. */
export function registerSandbox(program: Command, io: CommandIo): void {
  const sandbox = program
    .command("sandbox")
    .description("run a local emulator of the platforms: no account, no credentials")
    .option("--port <number>", "the port on 127.0.0.1; 0 for any free one", readPort)
    .action(({ port }: { port?: number }, command: Command) => withSandbox(command, io, (library) => run(library, port, io)));
  registerSandboxSay(sandbox, io);
}

async function run({ startSandbox, createSandboxClient, DEFAULT_SANDBOX_PORT }: SandboxLibrary, port: number | undefined, io: CommandIo): Promise<ExitCode> {
  using signals = watchStopSignals(io, silentLogger);
  await using sandbox = await startSandbox({ port: port ?? DEFAULT_SANDBOX_PORT });
  const { platforms } = await createSandboxClient(sandbox.url).info();
  io.stdout.write(
    [
      `🧪 Revka sandbox on ${sandbox.url}`,
      "   Point a gateway at it with:",
      "",
      ...platforms.flatMap(({ settings: { section, values } }) => [
        `   [channels_config.${section}]`,
        ...Object.entries(values).map(([key, value]) => `   ${key} = ${JSON.stringify(value)}`),
        "",
      ]),
      "   Ctrl+C or SIGTERM to stop",
      "",
    ].join("\n"),
  );
  const cause = await signals.stopping;
  return cause.kind === "crash" ? reportError(cause.error, { stderr: io.stderr, isDebug: true }) : EXIT.ok;
}

function readPort(text: string): number {
  const port = Number(text);
  if (text.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
}
