import type { Command } from "commander";
import { silentLogger } from "@revka/core";
import { openStage, type Stage } from "../demo/stage.ts";
import { playScene } from "../demo/scene.ts";
import { formatMs, renderExchange } from "../demo/transcript.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { KNOWN_CHANNELS } from "../registry.ts";
import { createPalette } from "../terminal.ts";
import type { CommandIo } from "./command-io.ts";
import { watchStopSignals } from "./stop-signals.ts";
import { withSandbox, type SandboxLibrary } from "./with-sandbox.ts";

/** `revka demo`: the gateway and its platforms on this machine, a conversation on each, then yours to talk to. */
export function registerDemo(program: Command, io: CommandIo): void {
  program
    .command("demo")
    .description("see everything work, without credentials: gateway, channels and a sandbox of their platforms")
    .option("--once", "end after the conversations: 0 when all were answered, else 1")
    .action(({ once }: { once?: true }, command: Command) => withSandbox(command, io, (library) => runDemo(library, io, once === true)));
}

async function runDemo(library: SandboxLibrary, io: CommandIo, once: boolean): Promise<ExitCode> {
  using signals = watchStopSignals(io, silentLogger);
  const stopped = new AbortController();
  const stopping = signals.stopping.then((cause) => {
    stopped.abort();
    if (cause.kind === "crash") throw cause.error;
  });
  stopping.catch(() => undefined); // awaited below
  const palette = createPalette(io.stdout, io.environment);
  const startedAt = io.clock.monotonic();
  io.stdout.write(`${palette.bold("Revka demo")}: a gateway, its channels, and a sandbox of their platforms. No credentials; nothing leaves this machine.\n\n`);
  await using stage = await openStage(library, io);
  io.stdout.write(`${renderStage(stage, io.clock.monotonic() - startedAt)}\n\n`);
  const answered = await playAll(stage, io, stopped.signal);
  if (stopped.signal.aborted) {
    await stopping;
    return EXIT.ok;
  }
  for (const line of stage.log) io.stderr.write(line);
  const isWhole = answered === stage.channels.length;
  io.stdout.write(`${palette.bold(isWhole ? "✓ Every channel answered." : `✗ ${stage.channels.length - answered} of ${stage.channels.length} channels did not answer.`)}\n`);
  if (once) return isWhole ? EXIT.ok : EXIT.failure;
  io.stdout.write(renderNextSteps(stage, io, library.DEFAULT_SANDBOX_PORT));
  await stopping;
  io.stdout.write("\nStopping.\n");
  return EXIT.ok;
}

/** Plays the channels one after another, so that the transcript reads as a conversation; counts those that were answered. */
async function playAll({ channels, client }: Stage, io: CommandIo, signal: AbortSignal): Promise<number> {
  const palette = createPalette(io.stdout, io.environment);
  let answered = 0;
  for (const channel of channels) {
    const mode = KNOWN_CHANNELS.find(({ section }) => section === channel.name)?.receiveMode ?? channel.capabilities.receive;
    io.stdout.write(`${palette.bold(channel.displayName)} · ${mode}\n`);
    try {
      const onExchange = (exchange: Parameters<typeof renderExchange>[0]): unknown => io.stdout.write(`${renderExchange(exchange, palette)}\n`);
      if (await playScene({ client, channel, clock: io.clock, signal, onExchange })) answered += 1;
    } catch (error) {
      if (signal.aborted) return answered;
      io.stdout.write(`  ${palette.red(`✗ ${error instanceof Error ? error.message : String(error)}`)}\n\n`);
    }
  }
  return answered;
}

function renderStage({ sandboxUrl, configFile, channels }: Stage, tookMs: number): string {
  const names = channels.map(({ displayName }) => displayName).join(", ");
  return [`  Sandbox  ${sandboxUrl}`, `  Config   ${configFile}`, `  Gateway  started with ${names} in ${formatMs(tookMs)}`].join("\n");
}

function renderNextSteps({ sandboxUrl, channels, speakers }: Stage, io: CommandIo, usualPort: number): string {
  const revka = io.environment["npm_lifecycle_event"] === "demo" ? "pnpm revka" : "revka";
  const where = sandboxUrl.endsWith(`:${usualPort}`) ? "" : ` --url ${sandboxUrl}`;
  const talkTo = channels.flatMap(({ name }) => {
    const [first] = speakers.get(name) ?? [];
    return first === undefined ? [] : [`  ${revka} sandbox say ${name} ${first.user} "hello"${where}`];
  });
  return ["", "Talk to it from another terminal:", ...talkTo, `See what it saw:  curl ${sandboxUrl}/control/record`, "Stop it:          Ctrl+C", ""].join("\n");
}
