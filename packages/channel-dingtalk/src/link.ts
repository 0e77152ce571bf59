import { createHeartbeat, isLoopback, openSocket, ProtocolError, redactUrl, type ChannelContext, type Socket, type StatusRecorder } from "@revka/core";
import type { DingtalkApi } from "./api.ts";
import type { DingtalkSettings } from "./config.ts";
import { handshakeError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { Endpoint } from "./wire.ts";

/** What a connection to the stream needs. */
export interface LinkOptions {
  readonly settings: DingtalkSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly api: Pick<DingtalkApi, "register">;
}

/**
 * Registers and connects with the ticket that this gives: it opens one connection, so each begins anew.
 *
 * The connection is pinged at once and every 30 s; after 75 s without any sign of life, or of the machine itself, it is ended.
 *
 * @param signal - the connection's whole life.
 */
export async function openLink({ settings, context, status, api }: LinkOptions, signal: AbortSignal): Promise<Socket> {
  const { instance: channel, logger, clock } = context;
  logger.debug({ channel }, "DingTalk: registering gateway connection...");
  const url = takeEndpoint(await api.register(signal), context);
  logger.debug({ channel, host: url.host }, "DingTalk: connecting to stream WebSocket...");
  let heard = (): void => undefined;
  const socket = await openSocket(context, url, {
    signal,
    proxyUrl: settings.proxyUrl,
    maxFrameBytes: LIMITS.frameBytes,
    handshakeTimeoutMs: LIMITS.handshakeTimeoutMs,
    toRefusalError: (refusal) => handshakeError(channel, refusal.status),
    onActivity: () => {
      status.frame();
      heard();
    },
  });
  const ended = new AbortController();
  void socket.closed.then(() => ended.abort());
  const heartbeat = createHeartbeat({
    clock,
    intervalMs: LIMITS.pingIntervalMs,
    timeoutMs: LIMITS.silenceMs,
    immediate: true,
    ping: () => socket.ping(),
    onStale: (silentMs) => socket.terminate(`nothing heard for ${Math.round(silentMs / 1000)} s`),
    signal: ended.signal,
  });
  heard = () => heartbeat.heard();
  logger.info({ channel }, "DingTalk: connected and listening for messages...");
  return socket;
}

/** Tickets and messages go over TLS, but on this machine. */
function takeEndpoint({ url: endpoint, ticket }: Endpoint, { instance: channel, addSecret }: ChannelContext): URL {
  addSecret(ticket);
  const url = URL.parse(endpoint);
  const isSafe = url !== null && (url.protocol === "wss:" || (url.protocol === "ws:" && isLoopback(url)));
  if (!isSafe) throw new ProtocolError("DingTalk: the gateway gave no wss URL to connect to", { channel, excerpt: redactUrl(endpoint) });
  url.searchParams.set("ticket", ticket);
  return url;
}
