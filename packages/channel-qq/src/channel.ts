import { createContext, createStatusRecorder, type Channel, type ChannelContext } from "@revka/core";
import { createQqApi } from "./api.ts";
import { createAttempts } from "./attempts.ts";
import { createQqTokens } from "./auth.ts";
import { createCalls } from "./calls.ts";
import { withDefaults, type QqConfig } from "./config.ts";
import { createConsents } from "./consents.ts";
import { createCourier } from "./courier.ts";
import { createDownload } from "./download.ts";
import { createHealthCheck } from "./health.ts";
import { LIMITS } from "./limits.ts";
import { split } from "./outbound.ts";
import { createOutbox } from "./outbox.ts";
import { createQuotables } from "./quotables.ts";
import { receive } from "./receive.ts";
import { createTickets } from "./reply-routes.ts";
import { createSendPart } from "./send-part.ts";
import { createSender } from "./sender.ts";
import { createUploadCache } from "./upload-cache.ts";
import { createUpload } from "./upload.ts";

/**
 * One QQ official bot: receives over the gateway, answers over the HTTP API.
 *
 * @throws TypeError when a credential is blank or a URL cannot be used.
 */
export function createQqChannel(config: QqConfig, context: ChannelContext = createContext("qq")): Channel {
  const settings = withDefaults(config);
  const { store } = context;
  const status = createStatusRecorder(context.clock);
  const calls = createCalls(settings, context);
  const tokens = createQqTokens(calls, context);
  const api = createQqApi(calls, tokens);
  const tickets = createTickets(context);
  const consents = createConsents(store);
  const quotables = createQuotables();
  const deliver = createCourier({ api, tickets, consents, attempts: createAttempts(context), quotables, context });
  const upload = createUpload({ api, calls, cache: createUploadCache(context), context });
  const { send, flush } = createSender({ settings, context, sendPart: createSendPart({ context, deliver, upload }), outbox: createOutbox(context) });
  return {
    name: context.instance,
    displayName: "QQ",
    capabilities: {
      receive: "socket",
      text: { limit: LIMITS.textBytes, unit: "bytes" },
      markdown: true,
      mediaIn: ["image", "audio", "video", "file"],
      mediaOut: ["image", "audio", "video", "file"],
      takesUrls: true,
      proactive: true,
      idempotentSend: true,
    },
    listen: (accept, signal) => receive({ settings, context, api, status, tokens, tickets, consents, quotables, flush, accept, signal }),
    send,
    split,
    checkHealth: createHealthCheck({ tokens, status, context }),
    status: () => status.snapshot(),
    download: createDownload(calls),
  };
}
