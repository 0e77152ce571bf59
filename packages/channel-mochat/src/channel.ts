import { createContext, createStatusRecorder, type Channel, type ChannelContext } from "@revka/core";
import { createMochatApi } from "./api.ts";
import { withDefaults, type MochatConfig } from "./config.ts";
import { split, textLimit } from "./outbound.ts";
import { receive } from "./receive.ts";
import { createSender } from "./sender.ts";

/**
 * One Mochat bridge: polls it for messages, answers over the same HTTP API.
 *
 * @throws TypeError when `apiUrl` or `apiToken` cannot be used.
 * @throws RangeError when a number is out of its range.
 */
export function createMochatChannel(config: MochatConfig, context: ChannelContext = createContext("mochat")): Channel {
  const settings = withDefaults(config);
  const status = createStatusRecorder(context.clock);
  const api = createMochatApi(settings, context);
  return {
    name: context.instance,
    displayName: "Mochat",
    capabilities: {
      receive: "poll",
      text: { limit: textLimit(settings), unit: "chars" },
      markdown: false,
      mediaIn: [],
      mediaOut: [],
      proactive: true,
      idempotentSend: settings.idempotentSend,
    },
    listen: (accept, signal) => receive({ settings, context, api, status, accept, signal }),
    send: createSender({ settings, api, status }),
    split: (text) => split(text, settings),
    checkHealth: (signal) => api.checkHealth(signal),
    status: () => status.snapshot(),
  };
}
