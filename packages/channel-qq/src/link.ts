import { openSocket, RateLimitError, TransientError, type StatusRecorder, type TokenSource } from "@revka/core";
import type { QqApi } from "./api.ts";
import type { QqSettings } from "./config.ts";
import { takeGatewayUrl } from "./gateway-url.ts";
import { LIMITS } from "./limits.ts";
import { startLine, type Line, type LineMeans } from "./line.ts";
import type { Reconnects } from "./reconnects.ts";

/** What a connection to the gateway needs. */
export interface LinkMeans extends LineMeans {
  readonly settings: QqSettings;
  readonly status: StatusRecorder;
  readonly api: Pick<QqApi, "getGateway">;
  readonly tokens: Pick<TokenSource, "get" | "invalidate">;
  readonly reconnects: Reconnects;
}

/**
 * Asks where the gateway is, connects, and gives the connection once a session stands on it.
 *
 * @param signal - the connection's whole life.
 * @throws RateLimitError when a new session is needed and the platform allows none for now.
 */
export async function openLink(means: LinkMeans, signal: AbortSignal): Promise<Line> {
  const { settings, context, status, api, tokens, resume, reconnects } = means;
  const { instance: channel, logger } = context;
  const { url: address, remaining, resetAfterMs = LIMITS.pauseMs } = await api.getGateway(signal);
  if (remaining !== undefined && remaining <= 0 && resume.session === undefined) {
    throw new RateLimitError("QQ: the bot has begun too many sessions today", { channel, retryAfterMs: resetAfterMs });
  }
  const url = takeGatewayUrl(address, settings, context);
  const token = await tokens.get(signal);
  logger.debug({ channel, host: url.host }, "QQ: connecting to the gateway");
  let heard = (): void => undefined;
  // Of its own: an abort of the open connection must not end the session at the gateway.
  const opening = new AbortController();
  const onAbort = (): void => opening.abort(signal.reason);
  signal.addEventListener("abort", onAbort);
  const socket = await openSocket(context, url, {
    signal: opening.signal,
    proxyUrl: settings.proxyUrl,
    maxFrameBytes: LIMITS.frameBytes,
    handshakeTimeoutMs: LIMITS.handshakeTimeoutMs,
    // The credentials are shown later: a refusal is not about them.
    toRefusalError: ({ status: code }) => new TransientError(`QQ: the gateway refused the connection (status ${code})`, { channel, status: code }),
    onActivity: () => {
      status.frame();
      heard();
    },
  }).finally(() => signal.removeEventListener("abort", onAbort));
  reconnects.opened();
  const line = startLine({ socket, token, onActivity: (listener) => void (heard = listener), signal }, means);
  await line.ready;
  return line;
}
