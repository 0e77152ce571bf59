import { createDingtalkChannel } from "@revka/channel-dingtalk";
import { silentLogger } from "@revka/core";
import { createGateway, type Agent, type Gateway } from "@revka/gateway";
import { startSandbox, type DingtalkControl } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { createGatedAgent } from "../house/agents.ts";
import { testSettings } from "../support/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface GatewayHouse {
  readonly dingtalk: DingtalkControl;
  /** Starts a gateway on the one folder, and waits until it is connected; it is stopped with the test. */
  readonly start: (agent?: Agent) => Promise<Gateway>;
}

async function openGatewayHouse(): Promise<GatewayHouse> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { clientId, clientSecret, url: baseUrl } = sandbox.dingtalk;
  const folder = await tempFolder();
  return {
    dingtalk: sandbox.dingtalk,
    async start(agent) {
      const gateway = await createGateway({
        folder,
        settings: testSettings(),
        logger: silentLogger,
        createChannels: (contextOf) =>
          Promise.resolve({ channels: [createDingtalkChannel({ clientId, clientSecret, baseUrl, allowedUsers: ["*"] }, contextOf("dingtalk"))], warnings: [] }),
        ...(agent !== undefined && { agent }),
      });
      onTestFinished(() => gateway.stop());
      await gateway.start();
      await sandbox.dingtalk.nextConnection();
      return gateway;
    },
  };
}

function listeningSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
}

describe("a gateway with DingTalk", () => {
  it("answers in private and in groups, each where it was asked (DT-19, DT-23, DT-24)", async () => {
    const { dingtalk, start } = await openGatewayHouse();
    await start();
    const places = [["staff-1", undefined], ["staff-1", "cidA=="], ["staff-2", "cidA=="], ["staff-2", "cidB=="], ["staff-2", undefined]] as const;
    for (const [user, group] of places) dingtalk.say(user, `${user} in ${group ?? "private"}`, group === undefined ? {} : { group });
    for (const [user, group] of places) {
      const { text } = await dingtalk.nextReply(group === undefined ? user : { group });
      expect(text).toMatch(group === undefined ? new RegExp(`^${user} in private$`) : new RegExp(`in ${group}$`));
    }
    expect(dingtalk.sent).toHaveLength(places.length);
  });

  it("acknowledges a message before the agent is done with it (DT-26)", async () => {
    const { dingtalk, start } = await openGatewayHouse();
    const agent = createGatedAgent();
    await start(agent);
    const msgId = dingtalk.say("staff-1", "think about it");
    const ack = await dingtalk.nextAck();
    expect(ack).toMatchObject({ msgId, counts: true });
    expect(dingtalk.sent).toEqual([]);
    agent.release();
    const reply = await dingtalk.nextReply("staff-1");
    expect(ack.order).toBeLessThan(reply.order);
  });

  it("answers a message once that comes again after a restart", async () => {
    const { dingtalk, start } = await openGatewayHouse();
    const first = await start();
    const msgId = dingtalk.say("staff-1", "once");
    await dingtalk.nextReply("staff-1");
    await first.stop();
    await start();
    dingtalk.redeliver(msgId);
    dingtalk.say("staff-1", "after");
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "after" });
    expect(dingtalk.sent.map(({ text }) => text)).toEqual(["once", "after"]);
  });

  it("writes first to whoever wrote before its restart (DT-15, DT-17)", async () => {
    const { dingtalk, start } = await openGatewayHouse();
    const first = await start();
    dingtalk.say("staff-1", "hello", { group: "cidA==" });
    await dingtalk.nextReply({ group: "cidA==" });
    await first.stop();
    const [channel] = (await start()).channels;
    await channel?.send({ target: { conversationId: "cidA==", kind: "group" }, text: "Build 41 is green." });
    expect(await dingtalk.nextReply({ group: "cidA==" })).toMatchObject({ text: "Build 41 is green." });
  });

  it("opens no port, not even while messages come and go (DT-03)", async () => {
    const { dingtalk, start } = await openGatewayHouse();
    const before = listeningSockets();
    await start();
    dingtalk.say("staff-1", "hello");
    await dingtalk.nextReply("staff-1");
    expect(before).toBeGreaterThan(0); // the sandbox's own, so that counting works at all
    expect(listeningSockets()).toBe(before);
  });
});
