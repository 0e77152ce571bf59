import { keepConnected, type Accept, type ChannelContext, type Dedup, type StatusRecorder, type TokenSource } from "@revka/core";
import type { QqApi } from "./api.ts";
import type { QqSettings } from "./config.ts";
import type { Consents } from "./consents.ts";
import type { Deal } from "./dispatches.ts";
import { LIMITS } from "./limits.ts";
import { openLink } from "./link.ts";
import { createMentions } from "./mentions.ts";
import type { Quotables } from "./quotables.ts";
import { createReconnects } from "./reconnects.ts";
import type { Tickets } from "./reply-routes.ts";
import { openResume } from "./resume.ts";
import { createTake } from "./take.ts";

/** What receiving needs. */
export interface ReceiveOptions {
  readonly settings: QqSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly api: QqApi;
  readonly tokens: TokenSource;
  readonly tickets: Tickets;
  readonly consents: Consents;
  readonly quotables: Quotables;
  /** Says what waits for a message of this conversation that can be answered. */
  readonly flush: (conversationId: string, messageId: string) => void;
  readonly accept: Accept;
  readonly signal: AbortSignal;
}

/**
 * Keeps a session at the gateway until the signal aborts. Refused credentials are tried again every minute; where the
 * gateway refuses the bot for good, it is left alone, and the status says why.
 */
export async function receive(options: ReceiveOptions): Promise<void> {
  const { context, status, signal } = options;
  const resume = await openResume(options.settings, context);
  const reconnects = createReconnects(context);
  const means = { ...options, resume, reconnects, isNews: createMentions(context.clock), deal: createDeal(options, resume.seen) };
  try {
    await keepConnected({
      context,
      status,
      signal,
      connect: (life) => openLink(means, life),
      run: (line) => line.ended,
      backoff: { baseMs: LIMITS.retryBaseMs, maxMs: LIMITS.pauseMs },
      afterEnd: () => reconnects.next(),
      afterError: (error) => reconnects.next(error),
    });
  } catch (error) {
    await rest(error, reconnects.advice, options);
  } finally {
    await resume.flush();
  }
}

function createDeal(options: ReceiveOptions, seen: Dedup): Deal {
  const { consents, context: { instance: channel, logger } } = options;
  const take = createTake({ ...options, seen });
  return async (event, botId) => {
    if (event.kind === "message") return take(event.message, botId);
    if (event.kind === "consent") {
      const { type, conversationId, isGiven } = event;
      logger.info({ channel, type, conversationId }, isGiven ? "QQ: messages that answer nothing are welcome" : "QQ: messages that answer nothing are no longer welcome");
      await consents.set(conversationId, isGiven).catch((error: unknown) => logger.warn({ channel, error: String(error) }, "QQ: this could not be kept"));
    } else {
      logger.debug({ channel, type: event.type }, "QQ: ignoring an event");
    }
    return true;
  };
}

/** Waits for the end of it all: another attempt would change nothing. */
async function rest(error: unknown, advice: string | undefined, { context: { instance: channel, logger }, status, signal }: ReceiveOptions): Promise<void> {
  const reason = `${error instanceof Error ? error.message : String(error)}${advice === undefined ? "" : `; ${advice}`}`;
  logger.error({ channel, reason }, "QQ: the gateway refuses this bot for good; not connecting again before the next start");
  status.set("failed", reason);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  status.set("stopped");
}
