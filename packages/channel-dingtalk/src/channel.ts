import { createContext, createStatusRecorder, type Channel, type ChannelContext } from "@revka/core";
import { createDingtalkApi } from "./api.ts";
import { createDingtalkTokens } from "./auth.ts";
import { withDefaults, type DingtalkConfig } from "./config.ts";
import { createDownload } from "./download.ts";
import { createHealthCheck } from "./health.ts";
import { LIMITS } from "./limits.ts";
import { split } from "./outbound.ts";
import { receive } from "./receive.ts";
import { createWebhooks } from "./reply-routes.ts";
import { createSender } from "./sender.ts";

/**
 * One DingTalk robot: receives in Stream Mode, answers through the session webhooks that messages bring along.
 *
 * @throws TypeError when a credential is blank or `baseUrl` cannot be used.
 */
export function createDingtalkChannel(config: DingtalkConfig, context: ChannelContext = createContext("dingtalk")): Channel {
  const settings = withDefaults(config);
  const status = createStatusRecorder(context.clock);
  const api = createDingtalkApi(settings, context);
  const tokens = createDingtalkTokens(api, context);
  const webhooks = createWebhooks(settings, context);
  return {
    name: context.instance,
    displayName: "DingTalk",
    capabilities: {
      receive: "socket",
      text: { limit: LIMITS.textChars, unit: "chars" },
      markdown: true,
      mediaIn: ["image", "audio", "video", "file"],
      mediaOut: settings.proactiveSend ? ["image", "file"] : ["image"],
      proactive: settings.proactiveSend,
      idempotentSend: false,
      sendsPerMinute: LIMITS.paceCount,
    },
    listen: (accept, signal) => receive({ settings, context, api, status, webhooks, accept, signal }),
    send: createSender({ settings, context, api, tokens, webhooks }),
    split,
    checkHealth: createHealthCheck({ api, status, context }),
    status: () => status.snapshot(),
    download: createDownload({ settings, api, tokens }),
  };
}
