import { setTimeout } from "node:timers/promises";
import { createMochatChannel } from "@revka/channel-mochat";
import { silentLogger } from "@revka/core";
import { createGateway, DEFAULT_SETTINGS, type Agent } from "@revka/gateway";

/** Whatever thinks: here, something that counts words. */
const agent: Agent = {
  kind: "word-counter",
  async *turn({ message }, signal) {
    const words = message.text.split(/\s+/u).filter((word) => word !== "");
    yield { kind: "delta", text: `${words.length} words, ` };
    await setTimeout(100, undefined, { signal }); // it thinks, and stops when nobody wants to know any more
    yield { kind: "delta", text: `the last is "${words.at(-1) ?? ""}".` };
  },
};

const { MOCHAT_URL = "", MOCHAT_TOKEN = "", STATE_FOLDER = "state" } = process.env;
const gateway = await createGateway({
  folder: STATE_FOLDER,
  settings: DEFAULT_SETTINGS,
  logger: silentLogger,
  agent,
  createChannels: (contextOf) => {
    const channel = createMochatChannel({ apiUrl: MOCHAT_URL, apiToken: MOCHAT_TOKEN, allowedUsers: ["*"] }, contextOf("mochat"));
    return Promise.resolve({ channels: [channel], warnings: [] });
  },
});

process.once("SIGINT", () => void gateway.stop()); // waits for turns and their answers
await gateway.start();
await gateway.closed;
