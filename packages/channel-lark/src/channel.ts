import { createContext, createStatusRecorder, type Channel, type ChannelContext } from "@revka/core";
import { createLarkApi } from "./api.ts";
import { createBot } from "./bot.ts";
import { split } from "./card.ts";
import { withDefaults, type LarkConfig } from "./config.ts";
import { createDeliver } from "./deliver.ts";
import { createDownload } from "./download.ts";
import { createDrafts } from "./draft.ts";
import { createDiscovery } from "./endpoint.ts";
import { createExpand } from "./expand.ts";
import { createHealthCheck } from "./health.ts";
import { LIMITS } from "./limits.ts";
import { createReact } from "./reactions.ts";
import { receive } from "./receive.ts";
import { DISPLAY_NAMES } from "./region.ts";
import { createSender } from "./sender.ts";
import { createTyping } from "./typing.ts";
import { createWebhookListeners, type WebhookListeners } from "./webhook-listener.ts";

/**
 * One bot on Lark or Feishu: receives over a long connection or a webhook, answers with cards.
 *
 * @param listeners - what webhooks listen with; hand the same one to channels that share a port.
 * @throws TypeError when a credential is blank, a URL or path cannot be used, or the webhook mode lacks its port.
 */
export function createLarkChannel(
  config: LarkConfig,
  context: ChannelContext = createContext(config.region ?? "lark"),
  listeners: WebhookListeners = createWebhookListeners(),
): Channel {
  const settings = withDefaults(config);
  const status = createStatusRecorder(context.clock);
  const api = createLarkApi(settings, context);
  const bot = createBot({ settings, context, api });
  const discover = createDiscovery(settings, context);
  const deliver = createDeliver({ context, api });
  const send = createSender({ context, api, deliver });
  const drafts = createDrafts({ context, api, deliver, send });
  const typing = createTyping({ context, api });
  return {
    name: context.instance,
    displayName: DISPLAY_NAMES[settings.region],
    capabilities: {
      receive: settings.receiveMode === "webhook" ? "webhook" : "socket",
      text: { limit: LIMITS.cardMarkdownBytes, unit: "bytes" },
      markdown: true,
      mediaIn: ["image", "audio", "video", "file"],
      mediaOut: ["image", "audio", "video", "file"],
      proactive: true,
      idempotentSend: true,
    },
    async listen(accept, signal) {
      const recovering = Promise.all([drafts.recover(signal), typing.recover(signal)]);
      await receive({ settings, context, status, bot, discover, listeners, accept: typing.noting(accept), signal }).finally(() => recovering);
    },
    send,
    split,
    checkHealth: createHealthCheck({ settings, api, status, context }),
    status: () => status.snapshot(),
    download: createDownload({ api, context }),
    expand: createExpand({ api, context }),
    openDraft: drafts.openDraft,
    startTyping: typing.startTyping,
    react: createReact({ context, api }),
  };
}
