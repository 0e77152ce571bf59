import {
  createKeyedQueue, isChannelError, sendByFirstRoute, sendInOrder, withToken,
  type Channel, type ChannelContext, type ReplyTarget, type RouteAttempt, type SendReceipt, type TokenSource,
} from "@revka/core";
import type { DingtalkApi } from "./api.ts";
import type { DingtalkSettings } from "./config.ts";
import { noWebhookError, SESSION_GONE } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { render, uploadedPayloads, type DingtalkPart, type Payloads, type RobotPayload, type WebhookPayload } from "./outbound.ts";
import type { Webhooks } from "./reply-routes.ts";
import { sendPatiently } from "./send-patiently.ts";
import { createWebhookPaces } from "./webhook-pace.ts";

/** What sending needs. */
export interface SenderOptions {
  readonly settings: DingtalkSettings;
  readonly context: ChannelContext;
  readonly api: DingtalkApi;
  readonly tokens: TokenSource;
  readonly webhooks: Webhooks;
}

/**
 * Sends messages: those to one conversation in the order of the calls, others side by side.
 *
 * Each part goes to the conversation's session webhook; where none is alive, through the robot API if that is allowed.
 */
export function createSender({ settings, context, api, tokens, webhooks }: SenderOptions): Channel["send"] {
  const { instance: channel, logger } = context;
  const queue = createKeyedQueue({ maxParallel: LIMITS.sendsInFlight, maxWaiting: LIMITS.sendsWaiting });
  const paces = createWebhookPaces(context);

  async function postToWebhook(conversationId: string, payloadOf: () => Promise<WebhookPayload | undefined>, signal?: AbortSignal): Promise<SendReceipt | undefined> {
    const webhook = await webhooks.find(conversationId);
    const payload = webhook && (await payloadOf());
    if (webhook === undefined || payload === undefined) return undefined;
    const { url } = webhook;
    try {
      await paces.run(url.href, () => sendPatiently(() => api.postToWebhook(url, payload, signal), context, signal), signal);
      // The platform tells no id of it.
      return { messageIds: [] };
    } catch (error) {
      if (!isChannelError(error) || error.code !== "platform" || error.platformCode !== SESSION_GONE) throw error;
      logger.debug({ channel, conversationId }, "DingTalk: session webhook is over");
      await webhook.forget();
      return undefined;
    }
  }
  async function sendByRobot({ conversationId, kind }: ReplyTarget, payload: RobotPayload, signal?: AbortSignal): Promise<SendReceipt> {
    const send = isGroup(conversationId, kind) ? "sendToGroup" : "sendToPerson";
    const attempt = (token: string): Promise<string> => api[send](conversationId, payload, { token, ...withSignal(signal) });
    const key = await sendPatiently(() => withToken(tokens, attempt, isStale), context, signal);
    return { messageIds: key === "" ? [] : [key] };
  }
  async function prepare(part: DingtalkPart, signal?: AbortSignal): Promise<Payloads> {
    if (part.kind === "text") return part.payloads;
    const { upload } = part;
    const mediaId = await withToken(tokens, (token) => api.upload(upload, { token, ...withSignal(signal) }), isStale);
    return uploadedPayloads(upload, mediaId);
  }
  async function deliver(part: DingtalkPart, target: ReplyTarget, signal?: AbortSignal): Promise<SendReceipt> {
    const { conversationId } = target;
    // Nothing is uploaded before there is a way to send it.
    let prepared: Promise<Payloads> | undefined;
    const payloads = (): Promise<Payloads> => (prepared ??= prepare(part, signal));
    const attempts: RouteAttempt[] = [];
    if (part.kind === "text" || part.upload.type === "image") {
      attempts.push({ route: "webhook", send: () => postToWebhook(conversationId, async () => (await payloads()).webhook, signal) });
    }
    if (settings.proactiveSend) attempts.push({ route: "robot", send: async () => sendByRobot(target, (await payloads()).robot, signal) });
    const receipt = await sendByFirstRoute(attempts, () => noWebhookError(conversationId, channel));
    logger.debug({ channel, conversationId, route: receipt.route }, "DingTalk: message delivered");
    return receipt;
  }

  return async (message, signal) => {
    const { target } = message;
    const parts = render(message, { channel, takesFiles: settings.proactiveSend });
    return queue.run(target.conversationId, () => sendInOrder(parts, (part) => deliver(part, target, signal)), signal);
  };
}

/** An operator gives a bare id; a group's begin so. */
function isGroup(conversationId: string, kind: ReplyTarget["kind"]): boolean {
  return kind === undefined ? conversationId.startsWith("cid") : kind === "group";
}

function isStale(error: unknown): boolean {
  return isChannelError(error) && error.code === "auth";
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
