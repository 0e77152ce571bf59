import type { SandboxClient } from "@revka/sandbox";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { withSandbox, type SandboxLibrary } from "./with-sandbox.ts";

interface Saying {
  readonly platform: string;
  readonly user: string;
  readonly text: string;
  readonly url?: string;
  readonly group?: string;
}

/** How long the bot may take to answer. */
const REPLY_WAIT_MS = 30_000;

/** `revka sandbox say`: writes to the bot as a user of an emulated platform, and prints the answer. */
export function registerSandboxSay(sandbox: Command, io: CommandIo): void {
  sandbox
    .command("say")
    .description("write to the bot as a user of a running sandbox, and wait for the answer")
    .argument("<platform>", "which platform to write on")
    .argument("<user>", "who writes")
    .argument("<text>", "what")
    .option("--group <id>", "say it in this group, to the bot")
    .option("--url <url>", "where the sandbox runs; by default on its usual port here")
    .action((platform: string, user: string, text: string, options: Pick<Saying, "url" | "group">, command: Command) =>
      withSandbox(command, io, (library) => say(library, { ...options, platform, user, text }, io)),
    );
}

async function say({ createSandboxClient, DEFAULT_SANDBOX_PORT }: SandboxLibrary, { platform, user, group, text, url }: Saying, io: CommandIo): Promise<ExitCode> {
  const client = createSandboxClient(url ?? `http://127.0.0.1:${DEFAULT_SANDBOX_PORT}`);
  const refusal = await whyNobodyCan(client, platform);
  if (refusal !== undefined) {
    io.stderr.write(`${refusal}\n`);
    return EXIT.usage;
  }
  const place = group === undefined ? { user } : { group };
  const { cursor } = await client.replies(platform, place);
  const startedAt = io.clock.monotonic();
  await client.say(platform, { user, ...(group !== undefined && { group }) }, text);
  const { replies } = await client.replies(platform, { ...place, after: cursor, waitMs: REPLY_WAIT_MS });
  const tookMs = Math.round(io.clock.monotonic() - startedAt);
  if (replies.length === 0) {
    io.stderr.write(`No answer within ${REPLY_WAIT_MS / 1000} s: is a gateway running with the sandbox in its configuration?\n`);
    return EXIT.failure;
  }
  io.stdout.write(`${replies.map((reply) => reply.text).join("\n")}\n`);
  io.stderr.write(`(answered in ${tookMs} ms)\n`);
  return EXIT.ok;
}

/** What is wrong with a platform's name; undefined when people can write there. */
async function whyNobodyCan(client: SandboxClient, name: string): Promise<string | undefined> {
  const { platforms } = await client.info();
  const open = platforms.filter(({ scenes }) => scenes.length > 0).map((platform) => platform.name);
  if (open.includes(name)) return undefined;
  const reason = platforms.some((platform) => platform.name === name) ? `On ${name} a bot only sends: nobody can write to it` : `This sandbox has no platform "${name}"`;
  return `${reason}. People can write on ${open.join(", ")}.`;
}
