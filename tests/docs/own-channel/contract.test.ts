import { createContext } from "@revka/core";
import { channelContract, recordingLogger } from "@revka/core/testing";
import { createPigeonChannel } from "./channel.ts";
import { startPigeonServer } from "./pigeon-server.ts";

const TOKEN = "pigeon-token";

channelContract({
  name: "pigeon",
  receives: true,
  echoes: false,
  faults: ["unauthorized", "rate-limited", "answer-lost"],
  userIds: { friend: "ann", stranger: "bob" },
  async open({ allowedUsers }) {
    const server = await startPigeonServer(TOKEN);
    const logger = recordingLogger();
    const channel = createPigeonChannel({ url: server.url, token: TOKEN, allowedUsers, pollIntervalMs: 10 }, createContext("pigeon", { logger }));
    return {
      channel,
      logger,
      secrets: [TOKEN],
      target: { conversationId: "ann" },
      platform: server,
      inbound: server,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
});
