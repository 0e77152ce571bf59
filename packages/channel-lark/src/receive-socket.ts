import { excerpt, keepConnected, type ChannelContext, type EndReason } from "@revka/core";
import { createFragments, type Fragments } from "./fragments.ts";
import { ackFrame, decodeFrame, headerValue, type AckContent, type LarkFrame } from "./frame.ts";
import { LIMITS } from "./limits.ts";
import { openLink, type Link, type LinkOptions } from "./link.ts";
import { createNews, type IsNews } from "./news.ts";
import { EVENTS } from "./offer.ts";
import { createReconnecting } from "./reconnect.ts";
import type { Take } from "./take.ts";
import { decodeEvent, decodePong } from "./wire.ts";

/** What receiving over the long connection needs. */
export interface SocketOptions extends Omit<LinkOptions, "onConfig"> {
  readonly take: Take;
  readonly signal: AbortSignal;
}

/**
 * Keeps a long connection until the signal aborts.
 *
 * @throws AuthError when the platform refuses the app, TransientError when it asks to give up.
 */
export async function receiveBySocket(options: SocketOptions): Promise<void> {
  const { context, status, signal, take } = options;
  const reconnecting = createReconnecting(context);
  const isNews = createNews(context.clock);
  await keepConnected({
    context,
    status,
    signal,
    async connect(life) {
      const link = await openLink({ ...options, onConfig: (config) => reconnecting.configure(config) }, life);
      reconnecting.connected();
      return link;
    },
    heard: (link) => link.answered,
    run: (link) => serve(link, { context, take, isNews, fragments: createFragments(context.clock) }),
    backoff: { baseMs: LIMITS.backoffBaseMs, maxMs: LIMITS.backoffMaxMs },
    afterEnd: () => reconnecting.afterEnd(),
    afterError: (error) => reconnecting.afterError(error),
    healthyAfterMs: LIMITS.healthyAfterMs,
  });
}

interface ServeOptions {
  readonly context: ChannelContext;
  readonly take: Take;
  readonly isNews: IsNews;
  readonly fragments: Fragments;
}

/** Reads a connection to its end. It never waits for the host: pings go out and pongs are heard however busy that is. */
async function serve(link: Link, { context, take, isNews, fragments }: ServeOptions): Promise<EndReason> {
  const { instance: channel, clock, logger } = context;

  function note(problem: string, excerpt: string): void {
    logger[isNews(problem) ? "warn" : "debug"]({ channel, problem, excerpt }, "Lark: ignoring a frame");
  }
  /** The payload of a data frame, once it is whole. */
  function payloadOf(frame: LarkFrame): Uint8Array | undefined {
    const result = fragments.add(frame);
    if (result === "incomplete") return undefined;
    if ("payload" in result) return result.payload;
    note(result.malformed, headersOf(frame));
    return undefined;
  }
  /** What an event comes to; one that cannot be read would be no better the next time. */
  async function handle(type: string | undefined, payload: Uint8Array): Promise<Pick<AckContent, "code" | "answer">> {
    const event = type === "event" || type === "card" ? decodeEvent(payload) : { malformed: "a data frame of an unknown type", excerpt: type ?? "" };
    if ("malformed" in event) {
      note(event.malformed, event.excerpt);
      return { code: 200 };
    }
    if ((await take(event)) === "again") return { code: 500 };
    return type === "card" || event.header.eventType === EVENTS.card ? { code: 200, answer: {} } : { code: 200 };
  }
  async function answer(frame: LarkFrame, payload: Uint8Array): Promise<void> {
    const startedAt = clock.monotonic();
    const content = await handle(headerValue(frame, "type"), payload);
    // On the connection that it came by, also when there is a newer one.
    await link.send(ackFrame(frame, { ...content, tookMs: clock.monotonic() - startedAt })).catch((error: unknown) => {
      logger.warn({ channel, error: String(error) }, "Lark: failed to send ack");
    });
  }

  for await (const bytes of link.frames) {
    link.heard();
    const frame = typeof bytes === "string" ? { malformed: "a text message", excerpt: "" } : decodeFrame(bytes);
    if ("malformed" in frame) note(frame.malformed, frame.excerpt);
    else if (frame.method === 1) {
      const payload = payloadOf(frame);
      if (payload !== undefined) link.hold(answer(frame, payload));
    } else if (headerValue(frame, "type") === "pong") link.configure(decodePong(frame.payload));
  }
  return link.closed;
}

function headersOf({ headers }: LarkFrame): string {
  return excerpt(headers.map(({ key, value }) => `${key}=${value}`).join(" "), 80);
}
