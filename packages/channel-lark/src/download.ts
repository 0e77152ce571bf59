import { backoffDelay, isChannelError, PayloadTooLargeError, sniffMediaType, type Channel, type ChannelContext, type MediaBytes } from "@revka/core";
import type { LarkApi } from "./api.ts";
import { refOf } from "./attachment.ts";
import { LIMITS } from "./limits.ts";
import { pathOf } from "./messages.ts";

const BACKOFF = { baseMs: LIMITS.downloadBackoffMs, maxMs: 5_000 } as const;

/** What fetching needs. */
export interface DownloadMeans {
  readonly api: LarkApi;
  readonly context: Pick<ChannelContext, "instance" | "clock" | "random">;
}

/**
 * Fetches attachments, each by the message that holds it: the platform's call for bare images gives out only what this app
 * has uploaded itself.
 */
export function createDownload({ api, context }: DownloadMeans): NonNullable<Channel["download"]> {
  const { instance: channel, clock, random } = context;
  return async (attachment, options) => {
    const { messageId, key, type } = refOf(attachment);
    const { maxBytes, signal } = options;
    const path = `${pathOf(messageId)}/resources/${encodeURIComponent(key)}`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return withFacts(await api.fetchMedia(path, { type }, options), attachment);
      } catch (error) {
        if (!isChannelError(error)) throw error;
        if (error.code === "too-large") {
          const text = `Lark ${attachment.kind} download exceeds ${maxBytes} byte limit`;
          throw new PayloadTooLargeError(text, { channel, limit: maxBytes, actual: Math.max(error.actual, maxBytes + 1), unit: "bytes", cause: error });
        }
        if ((error.code !== "transient" && error.code !== "unknown-outcome") || attempt > LIMITS.downloadRetries) throw error;
        await clock.sleep(backoffDelay(attempt, BACKOFF, random), signal);
      }
    }
  };
}

/** What the bytes show goes before what the platform says. */
function withFacts({ bytes, mediaType: told }: MediaBytes, { name, mediaType: guessed }: { readonly name?: string; readonly mediaType?: string }): MediaBytes {
  const mediaType = sniffMediaType(bytes) ?? guessed ?? told;
  return { bytes, ...(mediaType !== undefined && { mediaType }), ...(name !== undefined && { name }) };
}
