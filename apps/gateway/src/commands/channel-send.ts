import { randomUUID } from "node:crypto";
import type { Channel } from "@revka/core";
import type { Command } from "commander";
import * as v from "valibot";
import { reportText } from "../config/report.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { fileToMedia, type NamedFile } from "../delivery/file-to-media.ts";
import { MediaRefusal } from "../delivery/media-refusal.ts";
import { findDaemon } from "../ops/daemon-client.ts";
import { KNOWN_CHANNELS } from "../registry.ts";
import type { CommandIo } from "./command-io.ts";
import { openChannels } from "./open-channels.ts";
import { readFileToSend } from "./read-file-to-send.ts";
import { readStdin } from "./read-stdin.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";

/** What says that this daemon is not to be asked: another token, no such channel there. */
const UNTAKEN: ReadonlySet<number> = new Set([400, 401, 404]);

const answerSchema = v.looseObject({ ok: v.optional(v.boolean()), message: v.optional(v.string()) });

interface SendOptions {
  readonly channelId: string;
  readonly recipient?: string;
  readonly file?: string;
  readonly json?: true;
}

/** What is sent. */
interface Content {
  readonly text: string;
  readonly file?: NamedFile;
}

/** `revka channel send`: one message, without an agent. */
export function registerChannelSend(channel: Command, io: CommandIo): void {
  channel
    .command("send")
    .description("send one message")
    .argument("[message]", 'the text; "-" reads it from standard input')
    .requiredOption("--channel-id <name>", "the name of the channel's section")
    .option("--file <path>", "a file to send after the text, or instead of one")
    .option("--recipient <target>", "the user or conversation; not needed where a channel has only one place to write to")
    .option("--json", "the outcome as JSON")
    .action((message: string | undefined, options: SendOptions, command: Command) => withConfig(command, io, (run) => send(run, message, options)));
}

async function send(run: ConfiguredRun, message: string | undefined, options: SendOptions): Promise<ExitCode> {
  const { io } = run;
  const text = message === "-" ? await readStdin(io.stdin) : message ?? "";
  if (text.trim() === "" && options.file === undefined) return refuse(io, "There is nothing to send: give a message, or a file with --file.", EXIT.usage);
  const content = await addFile(text, run, options);
  if (typeof content === "number") return content;
  const sent = await sendByDaemon(run, content, options);
  if (sent !== undefined) return sent;
  const { channels, failures } = await openChannels(run);
  const channel = channels.find(({ name }) => name === options.channelId);
  if (channel === undefined) {
    const failure = failures.find(({ sections }) => sections.includes(options.channelId));
    if (failure !== undefined) throw failure.error;
    return refuseUnknown(run, options.channelId);
  }
  const recipient = options.recipient ?? run.config.sections.get(channel.name)?.notificationTarget ?? onlyPlace(channel);
  if (recipient === undefined) return refuse(io, `--recipient is required for ${channel.name}.`, EXIT.usage);
  return deliver(run, channel, { ...content, recipient, json: options.json === true });
}

async function addFile(text: string, { io, config }: ConfiguredRun, { file: path, channelId }: SendOptions): Promise<Content | ExitCode> {
  if (path === undefined) return { text };
  try {
    return { text, file: await readFileToSend(path, config.settings.media.maxOutboundBytes) };
  } catch (error) {
    if (error instanceof MediaRefusal) return refuse(io, `Failed to send message via ${channelId}: ${error.message}`, EXIT.failure);
    throw error;
  }
}

/** Through the daemon that runs on this folder, as it knows whom it can answer; undefined where none takes it. */
async function sendByDaemon({ io, config, redactor }: ConfiguredRun, { text, file }: Content, { channelId, recipient, json }: SendOptions): Promise<ExitCode | undefined> {
  const daemon = findDaemon(config.folder);
  const to = recipient ?? config.sections.get(channelId)?.notificationTarget;
  const media = file !== undefined && { file: { name: file.name, bytes: Buffer.from(file.bytes).toString("base64") } };
  const reply = await daemon?.post("/v1/send", { channel: channelId, text, ...media, ...(to !== undefined && { recipient: to }) });
  if (reply === undefined || UNTAKEN.has(reply.status)) return undefined;
  const answer = v.parse(answerSchema, reply.body);
  if (json === true) io.stdout.write(redactor.text(`${JSON.stringify({ channel: channelId, ...answer })}\n`));
  if (reply.status !== 200) return refuse(io, `Failed to send message via ${channelId}: ${redactor.text(answer.message ?? "")}`, EXIT.failure);
  if (json !== true) io.stdout.write(`Message sent via ${channelId}.\n`);
  return EXIT.ok;
}

async function deliver(
  { io, redactor }: ConfiguredRun,
  channel: Channel,
  { recipient, text, file, json }: Content & { readonly recipient: string; readonly json: boolean },
): Promise<ExitCode> {
  const tell = (outcome: object): unknown => json && io.stdout.write(`${JSON.stringify({ channel: channel.name, ...outcome })}\n`);
  try {
    const media = file !== undefined && { media: fileToMedia(file, channel) };
    const receipt = await channel.send({ target: { conversationId: recipient }, text, ...media, idempotencyKey: randomUUID() });
    tell({ ok: true, ...receipt });
    if (!json) io.stdout.write(`Message sent via ${channel.name}.\n`);
    return EXIT.ok;
  } catch (error) {
    const reason = redactor.text(error instanceof Error ? error.message : String(error));
    tell({ ok: false, error: reason });
    return refuse(io, `Failed to send message via ${channel.name}: ${reason}`, EXIT.failure);
  }
}

/** A channel that hears nobody knows no conversations: everything it says goes to one place. */
function onlyPlace({ capabilities }: Channel): string | undefined {
  return capabilities.receive === "none" ? "" : undefined;
}

/** Says why there is no such channel: not configured rightly, not here, or no name that anybody knows. */
function refuseUnknown({ io, config }: ConfiguredRun, name: string): ExitCode {
  const own = config.problems.filter(({ section }) => section === `channels_config.${name}` || section === "");
  if (own.length > 0) return refuse(io, reportText(config.file, own), EXIT.config);
  const skipped = config.skipped.find(({ section }) => section === name);
  if (skipped !== undefined) return refuse(io, skipped.message, EXIT.failure);
  const names = [...new Set([...KNOWN_CHANNELS.map(({ section }) => section), ...config.sections.keys()])];
  if (names.includes(name)) return refuse(io, `${config.file} has no [channels_config.${name}].`, EXIT.failure);
  return refuse(io, `Unknown channel "${name}". Supported: ${names.join(", ")}`, EXIT.usage);
}

function refuse(io: CommandIo, text: string, code: ExitCode): ExitCode {
  io.stderr.write(`${text}\n`);
  return code;
}
