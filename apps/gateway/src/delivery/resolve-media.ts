import { posix } from "node:path";
import { checkRemoteUrl, createHttp, mediaTypeOfName, openConfined, sniffMediaType, type Channel, type ChannelContext, type MediaBytes, type OutboundMedia, type ProxyChoice } from "@revka/core";
import { MediaRefusal, toMediaRefusal } from "./media-refusal.ts";
import { readTarget } from "./media-target.ts";
import type { MediaReference } from "./reply-part.ts";

/** Gets a file that an agent named, when it is about to be sent. */
export type ResolveMedia = (media: MediaReference, channel: Channel, signal: AbortSignal) => Promise<OutboundMedia>;

/** From where files may come. */
export interface MediaRules {
  /** Folders that agents may send files from; a relative path is below the first. */
  readonly roots: readonly string[];
  readonly maxBytes: number;
  /** Whether addresses are fetched for channels that take files only. */
  readonly allowRemoteFetch: boolean;
}

/** What getting files goes by. */
export interface ResolveMediaOptions {
  /** The rules that hold now. */
  readonly rules: () => MediaRules;
  /** Files and folders that stay closed even inside a root. */
  readonly forbidden: readonly string[];
  readonly contextOf: (instance: string) => ChannelContext;
  /** A channel's own proxy, by its name: addresses are fetched the way that the channel goes itself. */
  readonly proxyOf: (instance: string) => ProxyChoice | undefined;
}

const FETCH_TIMEOUT_MS = 30_000;

/**
 * Reads files below the roots, decodes `data:` URIs, hands addresses to channels that take them and fetches them for others.
 *
 * The function throws a MediaRefusal for whatever may not or cannot be sent, also for an address that only fails for
 * now: nobody shall wait for the rest of the answer.
 */
export function createResolveMedia(options: ResolveMediaOptions): ResolveMedia {
  return async (media, channel, signal) => {
    const { kind, name } = media;
    if (!channel.capabilities.mediaOut.includes(kind)) throw new MediaRefusal(`the channel sends no files of the kind ${kind}`);
    const rules = options.rules();
    const target = readTarget(media.target, rules.maxBytes);
    const named = name === undefined ? {} : { name };
    if (target.kind === "refused") throw new MediaRefusal(target.reason);
    if (target.kind === "url" && channel.capabilities.takesUrls === true) return { kind, url: target.url, ...named };
    try {
      return { kind, ...(await fileOf(target, { ...options, ...rules, path: media.target, channel, signal })), ...named };
    } catch (error) {
      signal.throwIfAborted();
      throw toMediaRefusal(error);
    }
  };
}

interface FileMeans extends MediaRules, Omit<ResolveMediaOptions, "rules"> {
  readonly path: string;
  readonly channel: Channel;
  readonly signal: AbortSignal;
}

type Target = Exclude<ReturnType<typeof readTarget>, { readonly kind: "refused" }>;

async function fileOf(target: Target, means: FileMeans): Promise<MediaBytes> {
  switch (target.kind) {
    case "data":
      return target.file;
    case "path":
      return readLocal(means);
    case "url":
      return fetchRemote(target.url, means);
  }
}

async function readLocal({ path, roots, maxBytes, forbidden, signal }: FileMeans): Promise<MediaBytes> {
  const file = await openConfined(path, roots, { maxBytes, forbidden, signal });
  if ("refused" in file) throw new MediaRefusal(file.refused);
  return { ...file, ...typeOf(file.bytes, mediaTypeOfName(file.name)) };
}

async function fetchRemote(url: string, { channel, maxBytes, allowRemoteFetch, contextOf, proxyOf, signal }: FileMeans): Promise<MediaBytes> {
  if (!allowRemoteFetch) throw new MediaRefusal("addresses are not fetched (multimodal.allow_remote_fetch)");
  const { origin, pathname } = new URL(url);
  const proxyUrl = proxyOf(channel.name);
  const http = createHttp(contextOf(channel.name), { baseUrl: origin, timeoutMs: FETCH_TIMEOUT_MS, ...(proxyUrl !== undefined && { proxyUrl }) });
  const { status, statusLine, headers, bytes } = await http.get(checkRemoteUrl(url), { maxBodyBytes: maxBytes, signal });
  if (status !== 200) throw new MediaRefusal(`its address answered ${statusLine}`);
  const name = posix.basename(pathname);
  return { bytes, ...(name !== "" && { name }), ...typeOf(bytes, headers.get("content-type")?.replace(/;.*$/su, "").trim()) };
}

function typeOf(bytes: Uint8Array, told: string | undefined): { readonly mediaType?: string } {
  const mediaType = sniffMediaType(bytes) ?? told;
  return mediaType === undefined ? {} : { mediaType };
}
