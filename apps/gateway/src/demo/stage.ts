import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor, TransientError, type Channel } from "@revka/core";
import type { Sandbox, SandboxClient, Speaker } from "@revka/sandbox";
import { createDemoAgent } from "../agents/demo.ts";
import type { CommandIo } from "../commands/command-io.ts";
import type { SandboxLibrary } from "../commands/with-sandbox.ts";
import { loadConfig } from "../config/load.ts";
import { reportText } from "../config/report.ts";
import { createChannels } from "../create-channels.ts";
import { createLogger } from "../logging/create-logger.ts";
import { hasColour } from "../terminal.ts";
import { renderDemoConfig } from "./demo-config.ts";
import { announceWebhooks, reservePorts } from "./webhooks.ts";

/** A sandbox, and a gateway that knows nothing but it. Disposing of it stops both and leaves nothing behind. */
export interface Stage extends AsyncDisposable {
  readonly sandboxUrl: string;
  readonly configFile: string;
  /** Drives the sandbox as its users would. */
  readonly client: SandboxClient;
  readonly channels: readonly Channel[];
  /** Who speaks on each platform, by its name. */
  readonly speakers: ReadonlyMap<string, readonly Speaker[]>;
  /** What went wrong, however early. */
  readonly log: readonly string[];
}

/**
 * Starts the sandbox, writes a configuration that points at all its platforms, and runs a gateway on that file as
 * `revka daemon` would, with an agent that also has a picture to show.
 */
export async function openStage(library: SandboxLibrary, io: CommandIo): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const sandbox = opened.use(await startOnUsualPort(library));
  const folder = await mkdtemp(join(tmpdir(), "revka-demo-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const client = library.createSandboxClient(sandbox.url);
  const configFile = join(folder, "config.toml");
  const { platforms } = await client.info();
  const ports = await reservePorts(platforms);
  await writeFile(configFile, renderDemoConfig(platforms, ports), { mode: 0o600 });

  const config = await loadConfig({ option: configFile, environment: {}, home: folder, importModule: io.importModule, programPath: io.programPath });
  if (config.problems.length > 0) throw new TransientError(reportText(configFile, config.problems));
  const log: string[] = [];
  const redactor = createRedactor(config.secrets);
  const output = { isTTY: io.stderr.isTTY, write: (line: string) => log.push(line) };
  const gateway = await io.createGateway({
    folder,
    settings: config.settings,
    agent: createDemoAgent({ clock: io.clock }),
    redactor,
    logger: createLogger({ settings: { level: "warn", format: "pretty" }, output, redactor, hasColour: hasColour(io.stderr, io.environment) }),
    createChannels: async (contextOf) => {
      const created = await createChannels(config.sections, contextOf);
      for (const { error } of created.failures) throw error;
      return created;
    },
  });
  opened.defer(() => gateway.stop());
  await gateway.start();
  const here = platforms.filter(({ name }) => gateway.channels.some((channel) => channel.name === name));
  await announceWebhooks(here, ports, { client, clock: io.clock });
  const parts = opened.move();
  return { sandboxUrl: sandbox.url, configFile, client, channels: gateway.channels, speakers: new Map(platforms.map(({ name, scenes }) => [name, scenes])), log, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** On the port that `revka sandbox say` expects, or on any other while that one is taken. */
async function startOnUsualPort({ startSandbox, SandboxError, DEFAULT_SANDBOX_PORT }: SandboxLibrary): Promise<Sandbox> {
  try {
    return await startSandbox({ port: DEFAULT_SANDBOX_PORT });
  } catch (error) {
    if (error instanceof SandboxError) return startSandbox();
    throw error;
  }
}
