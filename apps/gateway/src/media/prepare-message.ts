import type { Channel, InboundMessage } from "@revka/core";
import { mapAtMost } from "../at-most.ts";
import { createDeadline } from "../deadline.ts";
import { describeError } from "../describe-error.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { attachmentsToFetch, type PlacedAttachment } from "./attachments-to-fetch.ts";
import { fetchAttachment, type FetchedAttachment, type FetchMeans } from "./fetch-attachment.ts";
import type { InboundContent } from "./inbound-content.ts";

/** A file of a message, in memory. */
export interface FetchedMedia {
  /** The place of its attachment among the message's parts. */
  readonly part: number;
  readonly bytes: Uint8Array;
  readonly mediaType?: string;
  readonly name?: string;
}

/** A message with all that could be fetched of it. */
export interface PreparedMessage {
  readonly message: InboundMessage;
  /** What became of its attachments, by the place of their part. */
  readonly contents: ReadonlyMap<number, InboundContent>;
  readonly media: readonly FetchedMedia[];
}

const LIMITS = {
  /** For everything; what is not there by then has failed. */
  timeoutMs: 60_000,
  atOnce: 3,
} as const;

/** Whether there is anything to fetch. */
export function needsPreparing({ parts }: InboundMessage, channel: Channel): boolean {
  return channel.expand !== undefined || (channel.download !== undefined && parts.some((part) => "ref" in part));
}

/**
 * Fetches what a message points to: quoted and forwarded words first, then its files, and what was said in voice messages.
 *
 * Takes 60 s at most. Whatever cannot be had is logged and said in its place: a message is answered without its picture
 * rather than not at all. The bytes stay in memory.
 * @throws the reason of `means.stopping`.
 */
export async function prepareMessage(message: InboundMessage, means: FetchMeans): Promise<PreparedMessage> {
  using deadline = createDeadline(LIMITS.timeoutMs, means.clock, means.stopping);
  const { signal } = deadline;
  const { maxImages } = means.multimodal;
  const expanded = await expand(message, means, signal);
  const transcribes = means.transcriber !== undefined;
  const attachments = means.channel.download === undefined ? [] : attachmentsToFetch(expanded.parts, { maxImages, transcribes });
  const fetched = await mapAtMost(LIMITS.atOnce, attachments, async ({ part, attachment }) => ({ part, attachment, ...(await fetchAttachment(attachment, means, signal)) }));
  return { message: expanded, ...gather(fetched, maxImages) };
}

async function expand(message: InboundMessage, { channel, logger, redact, stopping }: FetchMeans, signal: AbortSignal): Promise<InboundMessage> {
  if (channel.expand === undefined) return message;
  try {
    return await unlessAborted(channel.expand(message, signal), signal);
  } catch (error) {
    stopping.throwIfAborted();
    logger.warn({ channel: channel.name, message_id: message.id, error: describeError(error, { redact }) }, "What a message points to could not be fetched");
    return message;
  }
}

/** Files that turn out to be images count as such: those beyond the limit are only named. */
function gather(fetched: readonly (PlacedAttachment & FetchedAttachment)[], maxImages: number): Pick<PreparedMessage, "contents" | "media"> {
  const contents = new Map<number, InboundContent>();
  const media: FetchedMedia[] = [];
  let images = 0;
  for (const { part, attachment, content, media: file } of fetched) {
    if (content.kind === "image" && ++images > maxImages) {
      contents.set(part, { kind: "binary", mediaType: content.mediaType, sizeBytes: content.bytes.length });
      continue;
    }
    contents.set(part, content);
    if (file !== undefined) media.push({ part, ...file, ...(attachment.name !== undefined && { name: attachment.name }) });
  }
  return { contents, media };
}
