import { createWecomChannel } from "@revka/channel-wecom";
import { createContext } from "@revka/core";
import { recordingLogger, type ContractDescriptor } from "@revka/core/testing";
import { startSandbox } from "@revka/sandbox";

const SEND = "/cgi-bin/webhook/send";

/** The WeCom webhook on the sandbox, for the channel contract. Rate limits it waits out by itself. */
export const wecomContract: ContractDescriptor = {
  name: "wecom",
  receives: false,
  echoes: false,
  faults: ["unauthorized", "answer-lost"],
  userIds: { friend: "user-1", stranger: "user-2" },
  async open({ allowedUsers }) {
    const sandbox = await startSandbox();
    const { wecom, faults } = sandbox;
    const logger = recordingLogger();
    return {
      channel: createWecomChannel({ webhookKey: wecom.key, baseUrl: wecom.url, allowedUsers }, createContext("wecom", { logger })),
      logger,
      secrets: [wecom.key],
      target: { conversationId: "" },
      platform: {
        sent: () => wecom.sent().map(({ text }) => text),
        fail: (fault) => {
          if (fault === "unauthorized") wecom.keys.remove(wecom.key);
          else faults.add({ path: SEND, times: "always", fault: { kind: "reset", at: "after-work" } });
        },
      },
      [Symbol.asyncDispose]: () => sandbox.close(),
    };
  },
};
