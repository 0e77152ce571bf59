import {
  AuthError, createHttp, createRedactor, excerpt, isLoopback, PlatformError, ProtocolError, RateLimitError, redactUrl, TransientError,
  type ChannelContext, type ChannelError, type HttpReply,
} from "@revka/core";
import * as v from "valibot";
import type { LarkSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";
import { parseClientConfig, type ClientConfig } from "./wire.ts";

/** Where a connection is made to. Each begins with an endpoint of its own. */
export interface Endpoint {
  /** As the platform gave it; its query is a credential. */
  readonly url: URL;
  /** The number that pings name. */
  readonly serviceId: number;
  readonly clientConfig: ClientConfig;
}

/** Asks for an endpoint. */
export type Discover = (signal: AbortSignal) => Promise<Endpoint>;

/** What both the discovery and the handshake refuse with. */
const CODES = { busy: 1, forbidden: 403, refused: 514, internal: 1000040343, busyToo: 1000040345, crowded: 1000040350 } as const;

const answerSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    code: v.number(),
    msg: v.fallback(v.string(), ""),
    data: v.fallback(v.object({ URL: v.fallback(v.string(), ""), ClientConfig: v.optional(v.unknown()) }), { URL: "", ClientConfig: undefined }),
  }),
);

/** Whether an error means that the app has as many connections as it may. */
export function isCrowded(error: unknown): boolean {
  return error instanceof PlatformError && error.platformCode === String(CODES.crowded);
}

/** The discovery of one app. */
export function createDiscovery({ appId, appSecret, region, baseUrl, proxyUrl }: LarkSettings, context: ChannelContext): Discover {
  const { instance: channel } = context;
  const redactor = createRedactor([appSecret]);
  const http = createHttp(context, { baseUrl, timeoutMs: LIMITS.discoveryTimeoutMs, ...(proxyUrl !== undefined && { proxyUrl }) });
  return async (signal) => {
    const reply = await http.post("callback/ws/endpoint", {
      json: { AppID: appId, AppSecret: appSecret },
      headers: { locale: region === "feishu" ? "zh" : "en" },
      signal,
    });
    const body = redactor.text(reply.text());
    const answer = v.safeParse(answerSchema, body);
    if (answer.success && answer.output.code !== 0) throw codeError("endpoint discovery", answer.output.code, { channel, message: answer.output.msg });
    if (reply.status !== 200 || !answer.success) throw statusError(reply, body, channel);
    const { URL: url, ClientConfig: config } = answer.output.data;
    return { ...takeUrl(url, context), clientConfig: parseClientConfig(config) };
  };
}

/** The error of a refused handshake, by the platform's own headers. */
export function handshakeError(channel: string, { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> }): ChannelError {
  const code = Number(headers["handshake-status"]);
  const detail = Number(headers["handshake-autherrcode"]);
  const message = excerpt(headers["handshake-msg"] ?? `status ${status}`, LIMITS.quoteChars);
  if (code === CODES.forbidden) return codeError("handshake", code, { channel, message });
  if (code === CODES.refused && detail === CODES.crowded) return codeError("handshake", detail, { channel, message });
  // Whatever else is wrong with a ticket, the next endpoint comes with another.
  return new TransientError(`Lark: the handshake was refused: ${message}`, { channel, status });
}

function codeError(action: string, code: number, { channel, message }: { readonly channel: string; readonly message: string }): ChannelError {
  const quoted = excerpt(message, LIMITS.quoteChars);
  const text = `Lark: ${action} failed (code ${code}): ${quoted}`;
  const platformCode = String(code);
  switch (code) {
    case CODES.forbidden:
    case CODES.refused:
      return new AuthError(text, { channel, platformCode });
    case CODES.busy:
    case CODES.internal:
    case CODES.busyToo:
      return new TransientError(text, { channel });
    default:
      return new PlatformError(text, { channel, platformCode, platformMessage: quoted });
  }
}

function statusError({ status, statusLine }: HttpReply, body: string, channel: string): ChannelError {
  // A good answer that is damaged may hold a ticket.
  const quoted = status === 200 ? "the answer cannot be read" : excerpt(body, LIMITS.quoteChars);
  const text = `Lark: endpoint discovery failed (${statusLine}): ${quoted}`;
  return status === 429 ? new RateLimitError(text, { channel, retryAfterMs: LIMITS.backoffMaxMs }) : new TransientError(text, { channel, status });
}

/** Events and the ticket go over TLS, but on this machine. */
function takeUrl(given: string, { instance: channel, addSecret }: ChannelContext): Pick<Endpoint, "url" | "serviceId"> {
  const url = URL.parse(given);
  const isSafe = url !== null && (url.protocol === "wss:" || (url.protocol === "ws:" && isLoopback(url)));
  if (!isSafe) throw new ProtocolError("Lark: the discovery gave no wss URL to connect to", { channel, excerpt: redactUrl(given) });
  for (const name of ["ticket", "access_key"]) addSecret(url.searchParams.get(name) ?? "");
  const serviceId = url.searchParams.get("service_id") ?? "";
  if (!/^\d{1,10}$/.test(serviceId)) throw new ProtocolError("Lark: the discovery gave a URL without service_id", { channel, excerpt: redactUrl(given) });
  return { url, serviceId: Number(serviceId) };
}
