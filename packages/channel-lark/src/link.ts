import { createHeartbeat, openSocket, TransientError, type ChannelContext, type Heartbeat, type Socket, type StatusRecorder } from "@revka/core";
import type { LarkSettings } from "./config.ts";
import { handshakeError, type Discover } from "./endpoint.ts";
import { encodeFrame, pingFrame, type LarkFrame } from "./frame.ts";
import { LIMITS } from "./limits.ts";
import type { ClientConfig } from "./wire.ts";

/** An open long connection that keeps itself alive. */
export interface Link extends AsyncDisposable {
  readonly frames: Socket["frames"];
  readonly closed: Socket["closed"];
  send(frame: LarkFrame): Promise<void>;
  /** Has the goodbye wait for an ack that is still to be sent. */
  hold(work: Promise<unknown>): void;
  /** Resolves when the platform has sent its first message. */
  readonly answered: Promise<undefined>;
  /** The platform sent a message. */
  heard(): void;
  /** Takes what the platform says about pings. */
  configure(config: ClientConfig): void;
}

/** What a connection needs. */
export interface LinkOptions {
  readonly settings: LarkSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly discover: Discover;
  /** Told what the platform asks for. */
  readonly onConfig: (config: ClientConfig) => void;
}

/**
 * Asks for an endpoint and connects to it. A ping goes out at once: its pong tells how often the platform wants them.
 *
 * The connection is ended after 300 s without a message, or when two pings stay unanswered. Pings and pongs of the
 * WebSocket itself do not count: they show that a proxy is alive.
 *
 * @param signal - the connection's whole life.
 */
export async function openLink({ settings, context, status, discover, onConfig }: LinkOptions, signal: AbortSignal): Promise<Link> {
  const { instance: channel, logger } = context;
  const { url, serviceId, clientConfig } = await discover(signal);
  onConfig(clientConfig);
  const socket = await openSocket(context, url, {
    signal,
    proxyUrl: settings.proxyUrl,
    maxFrameBytes: LIMITS.frameBytes,
    handshakeTimeoutMs: LIMITS.handshakeTimeoutMs,
    toRefusalError: (refusal) => handshakeError(channel, refusal),
    onActivity: () => status.frame(),
  });
  logger.info({ channel, host: url.host }, "Lark: WS connected");
  const answered = Promise.withResolvers<undefined>();
  const pulse = keepAlive(socket, { serviceId, context, signal, intervalMs: clientConfig.pingIntervalMs ?? LIMITS.pingMs });
  return {
    frames: socket.frames,
    closed: socket.closed,
    send: (frame) => socket.send(encodeFrame(frame)),
    hold: (work) => socket.hold(work),
    answered: answered.promise,
    heard() {
      answered.resolve(undefined);
      pulse.heard();
    },
    configure(config) {
      if (config.pingIntervalMs !== undefined) pulse.setInterval(withinBounds(config.pingIntervalMs));
      onConfig(config);
    },
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  };
}

interface PulseOptions {
  readonly serviceId: number;
  readonly context: ChannelContext;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/** A connection that broke without a goodbye. */
const BROKEN = 1006;

function keepAlive(socket: Socket, { serviceId, context, intervalMs, signal }: PulseOptions): Pick<Heartbeat, "heard" | "setInterval"> {
  const { instance: channel, clock, logger } = context;
  const ended = new AbortController();
  void socket.closed.then(({ code, reason }) => {
    if (code === BROKEN && !isStale && !signal.aborted) logger.warn({ channel }, `Lark: WS read error: ${reason === "" ? "no goodbye" : reason}`);
    ended.abort();
  });
  const ping = encodeFrame(pingFrame(serviceId));
  let unanswered = 0;
  let fault = "heartbeat timeout";
  let isStale = false;
  const heartbeat = createHeartbeat({
    clock,
    intervalMs: withinBounds(intervalMs),
    timeoutMs: LIMITS.silenceMs,
    immediate: true,
    async ping() {
      if (unanswered >= LIMITS.pingsUnanswered) throw new TransientError("the platform answers no pings", { channel });
      unanswered += 1;
      await socket.send(ping).catch((error: unknown) => {
        fault = "ping failed";
        throw error;
      });
    },
    onStale(silentMs) {
      isStale = true;
      logger.warn({ channel, silentMs: Math.round(silentMs), unanswered }, `Lark: ${fault}, reconnecting`);
      socket.terminate(`${fault}, nothing heard for ${Math.round(silentMs / 1000)} s`);
    },
    signal: ended.signal,
  });
  return {
    heard() {
      unanswered = 0;
      heartbeat.heard();
    },
    setInterval: (ms) => heartbeat.setInterval(ms),
  };
}

function withinBounds(pingMs: number): number {
  return Math.min(Math.max(pingMs, LIMITS.pingMinMs), LIMITS.pingMaxMs);
}
