import ky from "ky";
import manifest from "../../package.json" with { type: "json" };
import type { ChannelContext } from "../contract/context.ts";
import { withDeadline } from "../dialling/deadline.ts";
import { isSafe, type Answer, type Exchange } from "./exchange.ts";
import { addQuery, joinPath, parseBaseUrl } from "./http-target.ts";
import { createTransport } from "./http-transport.ts";
import { chooseProxy, type ProxyChoice } from "../dialling/proxy.ts";
import { followRedirects, type RedirectRules } from "./redirect.ts";
import { checkRemoteUrl, pinnedLookup, type RemoteUrl, type RemoteUrlRules } from "./remote-url.ts";
import { trustBesides } from "../dialling/trust.ts";

/** How a channel talks to its platform. */
export interface HttpOptions {
  /** Every path is appended to it; its own path stays in front. */
  readonly baseUrl: string;
  /** The channel's own proxy setting; it wins over the host's. */
  readonly proxyUrl?: ProxyChoice;
  /** Sent with every call to the base URL's origin, and never elsewhere. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For a whole call: waiting for a connection, redirects and the answer's body included. @default 15_000 */
  readonly timeoutMs?: number;
  /** The largest answer, decoded. @default 8 MiB */
  readonly maxBodyBytes?: number;
  /** A PEM certificate that is trusted besides the system's. */
  readonly ca?: string;
}

/** One call. At most one of `json` and `body`. */
export interface HttpCall {
  /** Percent-encoded, a space as `%20`; undefined values are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly json?: unknown;
  readonly body?: Uint8Array | FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly maxBodyBytes?: number;
  /** False: a redirect is the reply. @default true */
  readonly followRedirects?: boolean;
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. */
export interface HttpReply {
  readonly status: number;
  /** `401 Unauthorized`. */
  readonly statusLine: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** The body as UTF-8 without its byte order mark. */
  text(): string;
}

/**
 * A platform's HTTP API.
 *
 * A target is a path below the base URL, or a checked URL from outside (which may redirect to other checked URLs, five
 * times at most). A path's redirects are followed within its origin, three times at most; a method other than GET and
 * HEAD follows only 307 and 308. Every other redirect is a reply like any other.
 *
 * @throws TransientError when nothing was delivered, or a GET failed in any way.
 * @throws UnknownOutcomeError when another request was written and its answer lost or late.
 * @throws PayloadTooLargeError when the answer to a GET or HEAD is over the cap.
 * @throws RemoteUrlRefusal when a checked URL leads into a private network after all.
 */
export interface Http {
  get(target: string | RemoteUrl, call?: HttpCall): Promise<HttpReply>;
  post(target: string | RemoteUrl, call?: HttpCall): Promise<HttpReply>;
  request(method: string, target: string | RemoteUrl, call?: HttpCall): Promise<HttpReply>;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_REDIRECTS = { path: 3, remote: 5 } as const;
const COMMON_HEADERS = { accept: "*/*", "accept-encoding": "identity", "user-agent": `revka/${manifest.version}` } as const;

const NO_REDIRECTS: RedirectRules = { maxCount: 0, next: () => undefined };

/**
 * The one way to a platform's HTTP API. It never retries: who calls knows what may be repeated.
 *
 * Nothing needs closing: idle connections hold no process and go by themselves after a few seconds.
 *
 * @throws TypeError when `baseUrl` is no http or https URL, or holds a user, a password or a query.
 */
export function createHttp(context: ChannelContext, options: HttpOptions): Http {
  const base = parseBaseUrl(options.baseUrl);
  const transport = createTransport({ channel: context.instance, secureContext: trustBesides(options.ca) });
  const client = ky.create({ retry: 0, throwHttpErrors: false, timeout: false });

  function wayTo(url: URL, rules: RemoteUrlRules | undefined): Way {
    const proxy = chooseProxy(url, options.proxyUrl, context.proxyFor);
    return { url, proxy, lookup: rules && proxy === "direct" ? pinnedLookup(checkRemoteUrl(url, rules)) : undefined };
  }

  async function request(method: string, target: string | RemoteUrl, call: HttpCall = {}): Promise<HttpReply> {
    const rules = typeof target === "string" ? undefined : target.rules;
    const url = addQuery(typeof target === "string" ? joinPath(base, target) : target.url, call.query);
    const maxBodyBytes = call.maxBodyBytes ?? options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    const redirects = call.followRedirects === false ? NO_REDIRECTS : redirectRules(rules, wayTo);
    const send = async (signal: AbortSignal): Promise<HttpReply> => {
      const response = await client(url, {
        method,
        headers: { ...COMMON_HEADERS, ...(url.origin === base.origin && options.headers), ...call.headers },
        ...(call.json !== undefined && { json: call.json }),
        ...(call.body !== undefined && { body: call.body }),
        fetch: async (input) => {
          const first = { ...wayTo(url, rules), ...(await contentOf(input)), maxBodyBytes };
          return toResponse(await followRedirects(first, redirects, (next) => transport.exchange(next, signal)));
        },
      });
      return toReply(response);
    };
    try {
      return await withDeadline(call.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS, call.signal, send);
    } catch (error) {
      call.signal?.throwIfAborted();
      throw error;
    }
  }

  return {
    request,
    get: (target, call) => request("GET", target, call),
    post: (target, call) => request("POST", target, call),
  };
}

type Way = Pick<Exchange, "url" | "proxy" | "lookup">;

/** Without `rules` a call stays within its origin; with them it may go wherever they allow, but leaves its headers behind. */
function redirectRules(rules: RemoteUrlRules | undefined, wayTo: (url: URL, rules: RemoteUrlRules | undefined) => Way): RedirectRules {
  return {
    maxCount: rules === undefined ? MAX_REDIRECTS.path : MAX_REDIRECTS.remote,
    next(call, url) {
      if (url.origin === call.url.origin) return { ...call, url };
      if (rules === undefined || !isSafe(call.method)) return undefined;
      return { ...call, ...wayTo(url, rules), headers: COMMON_HEADERS };
    },
  };
}

async function contentOf(input: string | URL | Request): Promise<Pick<Exchange, "method" | "headers" | "body">> {
  const request = input instanceof Request ? input : new Request(input);
  return {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: request.body === null ? undefined : new Uint8Array(await request.arrayBuffer()),
  };
}

function toResponse({ status, statusText, headers, bytes }: Answer): Response {
  const isBodiless = status === 204 || status === 205 || status === 304;
  return new Response(isBodiless ? null : bytes, { status, statusText, headers });
}

async function toReply(response: Response): Promise<HttpReply> {
  const { status, statusText, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status, statusLine: `${status} ${statusText}`.trim(), headers, bytes, text: () => new TextDecoder().decode(bytes) };
}
