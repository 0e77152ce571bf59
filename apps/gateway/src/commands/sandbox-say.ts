import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";
import { withSandbox, type SandboxLibrary } from "./with-sandbox.ts";

interface Saying {
  readonly platform: string;
  readonly user: string;
  readonly text: string;
  readonly url: string | undefined;
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
    .option("--url <url>", "where the sandbox runs; by default on its usual port here")
    .action((...[platform, user, text, { url }, command]: [string, string, string, { url?: string }, Command]) =>
      withSandbox(command, io, (library) => say(library, { platform, user, text, url }, io)),
    );
}

async function say({ createSandboxClient, DEFAULT_SANDBOX_PORT }: SandboxLibrary, { platform, user, text, url }: Saying, io: CommandIo): Promise<ExitCode> {
  const client = createSandboxClient(url ?? `http://127.0.0.1:${DEFAULT_SANDBOX_PORT}`);
  const { cursor } = await client.replies(platform, { user });
  const startedAt = io.clock.monotonic();
  await client.say(platform, user, text);
  const { replies } = await client.replies(platform, { user, after: cursor, waitMs: REPLY_WAIT_MS });
  const tookMs = Math.round(io.clock.monotonic() - startedAt);
  if (replies.length === 0) {
    io.stderr.write(`No answer within ${REPLY_WAIT_MS / 1000} s: is a gateway running with the sandbox in its configuration?\n`);
    return EXIT.failure;
  }
  io.stdout.write(`${replies.map((reply) => reply.text).join("\n")}\n`);
  io.stderr.write(`(answered in ${tookMs} ms)\n`);
  return EXIT.ok;
}
