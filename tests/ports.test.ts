import { createGateway } from "@revka/gateway";
import { createMochatChannel } from "@revka/channel-mochat";
import { createWecomChannel } from "@revka/channel-wecom";
import { silentLogger } from "@revka/core";
import { startSandbox } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { testSettings } from "./support/settings.ts";
import { tempFolder } from "./support/temp-folder.ts";

function listeningSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
}

describe("a gateway with channels that connect out", () => {
  it("opens no port, not even while messages come and go (MOCHAT-04, WECOM-03)", async () => {
    await using sandbox = await startSandbox();
    const { mochat, wecom } = sandbox;
    const before = listeningSockets();
    const gateway = await createGateway({
      folder: await tempFolder(),
      settings: testSettings(),
      logger: silentLogger,
      createChannels: (contextOf) =>
        Promise.resolve({
          channels: [
            createMochatChannel({ apiUrl: mochat.url, apiToken: mochat.token, allowedUsers: ["*"], pollIntervalMs: 100 }, contextOf("mochat")),
            createWecomChannel({ webhookKey: wecom.key, baseUrl: wecom.url }, contextOf("wecom")),
          ],
          warnings: [],
        }),
    });
    await gateway.start();
    mochat.say("user-1", "hello");
    await mochat.nextReply("user-1");
    await gateway.channels[1]?.send({ target: { conversationId: "" }, text: "hello" });
    expect(before).toBeGreaterThan(0); // the sandbox's own, so that counting works at all
    expect(listeningSockets()).toBe(before);
    await gateway.stop();
  });
});
