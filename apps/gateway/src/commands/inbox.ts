import { InvalidArgumentError, type Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { createDeadLetters, type DeadLetter, type DeadLetters } from "../inbox/dead-letters.ts";
import { lockFolder } from "../instance-lock.ts";
import { findDaemon, type DaemonReply } from "../ops/daemon-client.ts";
import type { CommandIo } from "./command-io.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";
import { withState } from "./with-state.ts";

interface ListOptions {
  readonly withText?: true;
  readonly json?: true;
}

type Verb = "replay" | "drop";

const LISTED = 100;

/** `revka inbox list|replay|drop`: messages that were given up. */
export function registerInbox(program: Command, io: CommandIo): void {
  const inbox = program.command("inbox").description("look after messages that were given up (kept for 7 days)");
  inbox
    .command("list")
    .description("show them, the newest first")
    .option("--with-text", "with what was written")
    .option("--json", "as JSON")
    .action((options: ListOptions, command: Command) => withConfig(command, io, (run) => list(run, options)));
  const register = (verb: Verb, description: string): void => {
    inbox
      .command(verb)
      .description(description)
      .argument("<numbers...>", "the numbers that `revka inbox list` shows", parseNumbers)
      .action((numbers: number[], _options: unknown, command: Command) => withConfig(command, io, (run) => changeAll(run, verb, numbers)));
  };
  register("replay", "answer them after all: the stored answer where there is one, else the agent is asked again");
  register("drop", "forget them");
}

async function list(run: ConfiguredRun, { withText, json }: ListOptions): Promise<ExitCode> {
  const { io, redactor } = run;
  const found = await withState<readonly DeadLetter[]>(run, (database) => createDeadLetters(database).list(LISTED), []);
  const letters = found.map(({ text, reason, ...letter }) => ({ ...letter, reason: redactor.text(reason), ...(withText === true && { text }) }));
  if (json === true) io.stdout.write(`${JSON.stringify({ dead: letters }, undefined, 2)}\n`);
  else io.stdout.write(letters.length === 0 ? "No message was given up.\n" : `${letters.flatMap(linesOf).join("\n")}\n`);
  return EXIT.ok;
}

function linesOf({ seq, channel, senderId, diedAt, reason, hasReply, text }: Omit<DeadLetter, "text"> & { readonly text?: string }): string[] {
  const what = hasReply ? "its answer was not delivered" : "it was not answered";
  return [`${String(seq).padStart(6)}  ${new Date(diedAt).toISOString()}  ${channel}  from ${senderId}: ${what} (${reason})`, ...(text === undefined ? [] : [`        ${text.replaceAll(/\s+/g, " ")}`])];
}

async function changeAll(run: ConfiguredRun, verb: Verb, numbers: readonly number[]): Promise<ExitCode> {
  const { io, config } = run;
  const daemon = findDaemon(config.folder);
  let code: ExitCode = EXIT.ok;
  for (const seq of numbers) {
    const reply = await daemon?.post(`/v1/inbox/${seq}/${verb}`, {});
    const problem = reply === undefined ? await changeOnDisk(run, verb, seq) : problemOf(reply, seq);
    const isLater = verb === "replay" && reply === undefined;
    const done = verb === "replay" ? `is answered ${isLater ? "at the next start of the daemon" : "now"}` : "is forgotten";
    if (problem === undefined) io.stdout.write(`${seq} ${done}.\n`);
    else {
      io.stderr.write(`${problem}\n`);
      code = EXIT.failure;
    }
  }
  return code;
}

function problemOf({ status }: DaemonReply, seq: number): string | undefined {
  if (status === 200) return undefined;
  return status === 409 ? `${seq} belongs to a channel that does not run now.` : unknown(seq);
}

async function changeOnDisk(run: ConfiguredRun, verb: Verb, seq: number): Promise<string | undefined> {
  const lock = lockFolder(run.config.folder);
  try {
    const change = async (letters: DeadLetters): Promise<boolean> => (verb === "replay" ? (await letters.replay(seq, run.io.clock.now())) !== undefined : letters.drop(seq));
    const isDone = await withState(run, (database) => change(createDeadLetters(database)), false);
    return isDone ? undefined : unknown(seq);
  } finally {
    lock.release();
  }
}

function unknown(seq: number): string {
  return `${seq} is no message that was given up: \`revka inbox list\` shows them.`;
}

function parseNumbers(text: string, before: readonly number[] = []): readonly number[] {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It has to be a number that `revka inbox list` shows.");
  return [...before, Number(text)];
}
