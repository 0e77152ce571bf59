import { isChannelError, keepConnected, type Accept, type ChannelContext, type EndReason, type NextStep, type Socket } from "@revka/core";
import { LIMITS } from "./limits.ts";
import { openLink, type LinkOptions } from "./link.ts";
import { createMentions, type IsNews } from "./mentions.ts";
import type { Webhooks } from "./reply-routes.ts";
import { OPENED, step, type StreamEffect } from "./stream.ts";
import { createTake, type Take } from "./take.ts";
import { decodeFrame, encodeAck, type StreamAck } from "./wire.ts";

/** What receiving needs. */
export interface ReceiveOptions extends LinkOptions {
  readonly webhooks: Webhooks;
  readonly accept: Accept;
  readonly signal: AbortSignal;
}

/** Keeps a connection to the stream until the signal aborts. Refused credentials are tried again every minute. */
export async function receive(options: ReceiveOptions): Promise<void> {
  const { context, status, signal } = options;
  const take = createTake(options);
  const isNews = createMentions(context.clock);
  await keepConnected({
    context,
    status,
    signal,
    connect: (life) => openLink(options, life),
    heard: (socket) => socket.heard,
    run: (socket, life, retire) => serve(socket, { context, take, isNews, life, retire }),
    backoff: { baseMs: LIMITS.backoffBaseMs, maxMs: LIMITS.backoffMaxMs, jitter: LIMITS.jitter },
    afterError,
    healthyAfterMs: LIMITS.healthyAfterMs,
    overlapMs: LIMITS.overlapMs,
  });
}

/** The platform refuses good credentials at times, and bad ones may be mended there. */
function afterError(error: unknown): NextStep {
  if (!isChannelError(error)) return "backoff";
  if (error.code === "auth") return { waitMs: LIMITS.backoffMaxMs, state: "failed" };
  return error.code === "rate-limit" ? { waitMs: error.retryAfterMs } : "backoff";
}

/** A connection that broke without a goodbye. */
const BROKEN = 1006;

interface ServeOptions {
  readonly context: ChannelContext;
  readonly take: Take;
  readonly isNews: IsNews;
  /** The channel stops, and with it the connection. */
  readonly life: AbortSignal;
  /** Asks for the next connection while this one goes on. */
  readonly retire: () => void;
}

/** Does what each frame asks for. It never waits for the host: pings are answered however busy that is. */
async function serve(socket: Socket, { context, take, isNews, life, retire }: ServeOptions): Promise<EndReason> {
  const { instance: channel, logger } = context;

  async function acknowledge(ack: StreamAck): Promise<void> {
    // On the connection that it came by, also when there is a newer one.
    await socket.send(encodeAck(ack)).catch((error: unknown) => {
      logger.warn({ channel, messageId: ack.messageId, error: String(error) }, "DingTalk: failed to send ack");
    });
  }
  async function perform(effect: StreamEffect): Promise<void> {
    switch (effect.kind) {
      case "ack":
        await acknowledge(effect.ack);
        return;
      case "deliver":
        if ((await take(effect.message, effect.sentAt)) && effect.ack !== undefined) await acknowledge(effect.ack);
        return;
      case "retire":
        retire();
        return;
      case "note":
        logger[isNews(effect.problem) ? "warn" : "debug"]({ channel, problem: effect.problem, excerpt: effect.excerpt }, "DingTalk: ignoring a frame");
    }
  }

  let state = OPENED;
  for await (const bytes of socket.frames) {
    const next = step(state, decodeFrame(bytes));
    state = next.state;
    for (const effect of next.effects) socket.hold(perform(effect));
  }
  const end = await socket.closed;
  // One that was announced to end is missed by nobody.
  if (end.code === BROKEN && !state.isRetiring && !life.aborted) logger.warn({ channel }, `DingTalk WebSocket error: ${end.reason === "" ? "no goodbye" : end.reason}`);
  return end;
}
