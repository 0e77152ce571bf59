import { isChannelError, keepConnected, type ChannelContext, type EndReason, type StatusRecorder } from "@revka/core";
import { isForgeable, type LarkSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";
import { createNews } from "./news.ts";
import { EVENTS } from "./offer.ts";
import type { Take } from "./take.ts";
import { readWebhook } from "./webhook.ts";
import type { OpenPath, WebhookAnswer, WebhookHandler, WebhookListeners } from "./webhook-listener.ts";

/** What receiving over the webhook needs. */
export interface WebhookOptions {
  readonly settings: LarkSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly listeners: WebhookListeners;
  readonly take: Take;
  readonly signal: AbortSignal;
}

/** Listens until the signal aborts; a port that cannot be had is tried again. The platform reaches it through a tunnel or a proxy with TLS. */
export async function receiveByWebhook(options: WebhookOptions): Promise<void> {
  const { settings, context, status, listeners, signal } = options;
  const { instance: channel, logger } = context;
  const { host, port = 0, path } = settings;
  const handler = createHandler(options);
  if (isForgeable(settings)) {
    logger.warn({ channel }, "Lark: neither verification_token nor encrypt_key is set: anyone who knows the webhook's URL can forge events");
  }
  await keepConnected({
    context,
    status,
    signal,
    async connect() {
      const open = await listeners.open({ channel, host, port, path }, handler);
      logger.info({ channel }, `Lark event callback server listening on ${host}:${open.port}${path}`);
      return open;
    },
    run: untilOver,
    backoff: { baseMs: LIMITS.backoffBaseMs, maxMs: LIMITS.backoffMaxMs },
    afterError: (error) => (isChannelError(error) && error.code === "config" ? "fatal" : { waitMs: LIMITS.portRetryMs, state: "failed" }),
  });
}

function createHandler({ settings, context, status, take }: WebhookOptions): WebhookHandler {
  const { instance: channel, clock, logger } = context;
  const rules = { ...settings, clock };
  const isNews = createNews(clock);
  return async (request) => {
    const reading = readWebhook(request, rules);
    if ("status" in reading) {
      logger[isNews(reading.reason) ? "warn" : "debug"]({ channel, reason: reading.reason }, "Lark: refused a request to the webhook");
      return reading.status === 403 ? text(403, reading.reason) : { status: reading.status };
    }
    status.frame();
    if ("challenge" in reading) return json({ challenge: reading.challenge });
    switch (await take(reading.event)) {
      case "done":
        return reading.event.header.eventType === EVENTS.card ? json({}) : text(200, "ok");
      case "foreign":
        return { status: 403 };
      case "again":
        return { status: 503 };
    }
  };
}

function text(status: number, body: string): WebhookAnswer {
  return { status, headers: { "content-type": "text/plain" }, body };
}

function json(body: unknown): WebhookAnswer {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function untilOver({ failed }: OpenPath, signal: AbortSignal): Promise<EndReason> {
  const aborted = new Promise<EndReason>((resolve) => {
    const end = (): void => resolve({ code: 1000, reason: "" });
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  return Promise.race([aborted, failed.then((reason) => ({ code: 1006, reason }))]);
}
