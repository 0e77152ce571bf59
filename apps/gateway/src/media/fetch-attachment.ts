import { isChannelError, type Attachment, type Channel, type Clock, type Logger, type MediaBytes } from "@revka/core";
import type { MediaSettings, MultimodalSettings } from "../config/settings.ts";
import { describeError } from "../describe-error.ts";
import type { Transcriber } from "../transcription/transcriber.ts";
import type { GatewayObserver } from "../observer.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { contentOf, type InboundContent } from "./inbound-content.ts";

/** What attachments are fetched with. */
export interface FetchMeans {
  readonly channel: Channel;
  /** For the log. */
  readonly messageId: string;
  readonly multimodal: MultimodalSettings;
  readonly media: MediaSettings;
  /** Absent: voice is not transcribed. */
  readonly transcriber?: Transcriber | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observe: GatewayObserver;
  /** Hides secrets in what an error says. */
  readonly redact: (text: string) => string;
  /** The gateway gives up: its reason is thrown. */
  readonly stopping: AbortSignal;
}

/** What became of an attachment, with its bytes where they are there. */
export interface FetchedAttachment {
  readonly content: InboundContent;
  readonly media?: MediaBytes;
}

/**
 * Fetches one attachment, unless `signal` aborts before it is there. A failure is logged and is the content.
 * @throws the reason of `stopping`, and nothing else.
 */
export async function fetchAttachment(attachment: Attachment, means: FetchMeans, signal: AbortSignal): Promise<FetchedAttachment> {
  const { channel, messageId, logger, redact, stopping } = means;
  try {
    return attachment.kind === "audio" ? await hear(attachment, means, signal) : await look(attachment, means, signal);
  } catch (error) {
    stopping.throwIfAborted();
    const fields = { channel: channel.name, message_id: messageId, kind: attachment.kind, error: describeError(error, { redact }) };
    logger.warn(fields, "An attachment could not be fetched");
    return { content: { kind: "failed" } };
  }
}

/** An image or a file. Which of both it is only its bytes tell, so both have the larger limit. */
async function look(attachment: Attachment, means: FetchMeans, signal: AbortSignal): Promise<FetchedAttachment> {
  const { maxImageBytes } = means.multimodal;
  const { textFileMaxBytes } = means.media;
  const maxBytes = attachment.kind === "image" ? maxImageBytes : Math.max(maxImageBytes, textFileMaxBytes);
  if ((attachment.sizeBytes ?? 0) > maxBytes) return { content: { kind: "too-large" } };
  try {
    const media = await download(attachment, means, { maxBytes, signal });
    return { content: contentOf(attachment, media, { maxImageBytes, textFileMaxBytes }), media };
  } catch (error) {
    if (isTooLarge(error)) return { content: { kind: "too-large" } };
    throw error;
  }
}

/** A voice message. What it costs to fetch and transcribe is checked before, as far as the platform tells. */
async function hear(attachment: Attachment, means: FetchMeans, signal: AbortSignal): Promise<FetchedAttachment> {
  const { channel, transcriber, media: settings } = means;
  if (transcriber === undefined) throw new TypeError("Nobody transcribes");
  const maxBytes = Math.min(settings.audioMaxBytes, transcriber.maxBytes);
  const tooLarge = new RangeError(`${channel.displayName} audio download exceeds ${maxBytes} byte limit`);
  if ((attachment.sizeBytes ?? 0) > maxBytes) throw tooLarge;
  if ((attachment.durationMs ?? 0) > transcriber.maxDurationMs) {
    throw new RangeError(`${channel.displayName} audio is longer than ${transcriber.maxDurationMs / 1000} s (transcription.max_duration_secs)`);
  }
  const media = await download(attachment, means, { maxBytes, signal }).catch((error: unknown) => {
    throw isTooLarge(error) ? tooLarge : error;
  });
  const named = attachment.name === undefined ? media : { name: attachment.name, ...media };
  return { content: { kind: "transcript", text: await transcribe(named, transcriber, means, signal) }, media };
}

async function transcribe(audio: MediaBytes, transcriber: Transcriber, { channel, messageId, clock, observe }: FetchMeans, signal: AbortSignal): Promise<string> {
  const startedAt = clock.monotonic();
  const done = (step: "transcribed" | "not-transcribed"): void => observe({ step, channel: channel.name, messageId, durationMs: clock.monotonic() - startedAt });
  try {
    const text = await unlessAborted(transcriber.transcribe(audio, signal), signal);
    done("transcribed");
    return text;
  } catch (error) {
    done("not-transcribed");
    throw error;
  }
}

async function download(attachment: Attachment, { channel }: FetchMeans, options: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<MediaBytes> {
  if (channel.download === undefined) throw new TypeError("The channel fetches no attachments");
  return unlessAborted(channel.download(attachment, options), options.signal);
}

function isTooLarge(error: unknown): boolean {
  return isChannelError(error) && error.code === "too-large";
}
