import { randomUUID } from "node:crypto";
import { isChannelError, type Channel, type ChannelErrorCode } from "@revka/core";
import * as v from "valibot";
import { fileToMedia } from "../delivery/file-to-media.ts";
import { MediaRefusal } from "../delivery/media-refusal.ts";
import type { Gateway } from "../gateway-options.ts";
import type { Metrics } from "./metrics.ts";
import type { OpsAnswer } from "./http-listener.ts";

const MAX_TEXT_CHARS = 100_000;

/** Base64 as bytes. No regular expression looks at it: one would run out of stack on a few megabytes. */
const base64 = v.pipe(
  v.string(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const bytes = Buffer.from(value, "base64");
    if (bytes.length === Buffer.byteLength(value, "base64")) return bytes;
    addIssue({ message: "base64 is needed" });
    return NEVER;
  }),
);

const sendRequest = v.pipe(v.string(), v.parseJson(), v.object({
  channel: v.pipe(v.string(), v.minLength(1)),
  recipient: v.optional(v.string(), ""),
  text: v.optional(v.pipe(v.string(), v.maxLength(MAX_TEXT_CHARS)), ""),
  file: v.optional(v.object({ name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)), bytes: base64 })),
  format: v.optional(v.picklist(["markdown", "text"]), "markdown"),
  idempotency_key: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
}), v.check(({ text, file }) => text.trim() !== "" || file !== undefined, "text or file is needed"));

/** What JSON takes besides a file: in the worst case six bytes for each character of the text. */
const MAX_REST_BYTES = 1024 * 1024;

/** What a message is sent through. */
export interface SendSubject {
  readonly gateway: Pick<Gateway, "channels">;
  readonly redact: (text: string) => string;
  /** The largest file that is taken. */
  readonly maxFileBytes: () => number;
  readonly metrics: Pick<Metrics, "posted">;
}

type SendRequest = v.InferOutput<typeof sendRequest>;

/** How a platform's refusal is told to who speaks HTTP; whatever else keeps a message from going is the way's fault. */
const STATUSES: Readonly<Partial<Record<ChannelErrorCode, number>>> = { "rate-limit": 429, "no-route": 409, "too-large": 413 };

/** The largest body of a request with a file of at most `maxFileBytes`. */
export function maxSendBytes(maxFileBytes: number): number {
  return Math.ceil(maxFileBytes / 3) * 4 + MAX_REST_BYTES;
}

/** `POST /v1/send`: one message through a channel that runs, without an agent. */
export async function answerSend(body: string, { gateway, redact, maxFileBytes, metrics }: SendSubject): Promise<OpsAnswer> {
  const request = v.safeParse(sendRequest, body);
  if (!request.success) return { status: 400, body: { error: "bad-request", message: v.summarize(request.issues) } };
  const { channel: name, recipient, file } = request.output;
  const channel = gateway.channels.find((candidate) => candidate.name === name);
  if (channel === undefined) return { status: 404, body: { error: "unknown-channel", message: `This gateway runs no channel "${name}"` } };
  // A channel that hears nobody has only one place to write to.
  if (recipient === "" && channel.capabilities.receive !== "none") return { status: 400, body: { error: "bad-request", message: `recipient is required for ${name}` } };
  const sizeBytes = file?.bytes.length ?? 0;
  if (sizeBytes > maxFileBytes()) return { status: 413, body: { ok: false, error: "too-large", message: `The file has ${sizeBytes} bytes, ${maxFileBytes()} are allowed` } };
  const answer = await send(request.output, channel, redact);
  if (answer.status === 200) metrics.posted(name);
  return answer;
}

async function send({ recipient, text, file, format, idempotency_key: idempotencyKey = randomUUID() }: SendRequest, channel: Channel, redact: (text: string) => string): Promise<OpsAnswer> {
  try {
    const media = file !== undefined && { media: fileToMedia(file, channel) };
    const receipt = await channel.send({ target: { conversationId: recipient }, text, ...media, format, idempotencyKey });
    return { status: 200, body: { ok: true, ...receipt } };
  } catch (error) {
    if (error instanceof MediaRefusal) return { status: 415, body: { ok: false, error: "media", message: error.message } };
    if (!isChannelError(error)) throw error;
    return { status: STATUSES[error.code] ?? 502, body: { ok: false, error: error.code, message: redact(error.message) } };
  }
}
