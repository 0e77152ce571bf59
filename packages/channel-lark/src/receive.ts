import type { Accept, ChannelContext, StatusRecorder } from "@revka/core";
import type { BotIdentity } from "./bot.ts";
import type { LarkSettings } from "./config.ts";
import type { Discover } from "./endpoint.ts";
import { receiveBySocket } from "./receive-socket.ts";
import { receiveByWebhook } from "./receive-webhook.ts";
import { createTake } from "./take.ts";
import type { WebhookListeners } from "./webhook-listener.ts";

/** What receiving needs. */
export interface ReceiveOptions {
  readonly settings: LarkSettings;
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly bot: BotIdentity;
  readonly discover: Discover;
  readonly listeners: WebhookListeners;
  readonly accept: Accept;
  readonly signal: AbortSignal;
}

/** Receives until the signal aborts, the way that is configured; both take events alike. */
export async function receive(options: ReceiveOptions): Promise<void> {
  const { settings, bot, signal } = options;
  const take = createTake(options);
  // Nobody waits for it: messages do, if it is not known by then.
  void bot.openId(signal);
  await (settings.receiveMode === "webhook" ? receiveByWebhook({ ...options, take }) : receiveBySocket({ ...options, take }));
}
