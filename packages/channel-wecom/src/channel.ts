import { createContext, createStatusRecorder, sendInOrder, type Capabilities, type Channel, type ChannelContext } from "@revka/core";
import { createWecomApi, type WecomApi } from "./api.ts";
import type { WecomConfig } from "./config.ts";
import { deliver } from "./deliver.ts";
import { createHealthCheck } from "./health.ts";
import { LIMITS } from "./limits.ts";
import { render, split } from "./outbound.ts";
import { receive } from "./receive.ts";

const CAPABILITIES: Capabilities = {
  receive: "none",
  text: { limit: LIMITS.textBytes, unit: "bytes" },
  markdown: false,
  mediaIn: [],
  mediaOut: ["image", "audio", "video", "file"],
  proactive: true,
  idempotentSend: false,
  sendsPerMinute: LIMITS.paceCount,
};

/** A WeCom channel, with the platform's own calls at hand. */
export interface WecomChannel extends Channel {
  /** For what is no plain reply: markdown, news, cards, mentions. Shares the channel's key and pace. */
  readonly api: WecomApi;
}

/**
 * One WeCom group bot: posts into the one chat that owns its webhook key, and receives nothing.
 *
 * @throws TypeError when `config.webhookKey` holds no key.
 */
export function createWecomChannel(config: WecomConfig, context: ChannelContext = createContext("wecom")): WecomChannel {
  const status = createStatusRecorder(context.clock);
  const api = createWecomApi(config, context, status);
  const noteRecipient = createRecipientNote(context);
  return {
    name: context.instance,
    displayName: "WeCom",
    capabilities: CAPABILITIES,
    probeIsVisible: true,
    api,
    listen: (_accept, signal) => receive({ context, status, signal }),
    async send(message, signal) {
      noteRecipient(message.target.conversationId);
      return sendInOrder(render(message), (part) => deliver(api, part, signal === undefined ? {} : { signal }));
    },
    split,
    checkHealth: createHealthCheck(api, context.clock),
    status: () => status.snapshot(),
  };
}

/** Says once that a recipient changes nothing: the key alone decides which chat gets a message. */
function createRecipientNote({ instance: channel, logger }: ChannelContext): (recipient: string) => void {
  let isNoted = false;
  return (recipient) => {
    if (isNoted || recipient === "") return;
    isNoted = true;
    logger.debug({ channel }, "WeCom: recipient ignored, the webhook key decides the chat");
  };
}
