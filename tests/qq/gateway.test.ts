import { createQqChannel } from "@revka/channel-qq";
import { silentLogger } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { createGateway, type Agent, type Gateway } from "@revka/gateway";
import { startSandbox, type QqConnection, type QqControl } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { createGatedAgent } from "../house/agents.ts";
import { openHouse, openRunningHouse } from "../house/house.ts";
import { echoesOf, everybodySays, texts } from "../house/talk.ts";
import { qqPeer } from "../peers/qq-peer.ts";
import { testSettings } from "../support/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface GatewayHouse {
  readonly qq: QqControl;
  /** Starts a gateway on the one folder, and waits until it is connected; it is stopped with the test. */
  readonly start: (agent?: Agent) => Promise<Gateway>;
}

async function openGatewayHouse(): Promise<GatewayHouse> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { qq } = sandbox;
  const folder = await tempFolder();
  return {
    qq,
    async start(agent) {
      const gateway = await createGateway({
        folder,
        settings: testSettings(),
        logger: silentLogger,
        createChannels: (contextOf) =>
          Promise.resolve({ channels: [createQqChannel({ appId: qq.appId, appSecret: qq.appSecret, baseUrl: qq.url, allowedUsers: ["*"] }, contextOf("qq"))], warnings: [] }),
        ...(agent !== undefined && { agent }),
      });
      onTestFinished(() => gateway.stop());
      await gateway.start();
      await qq.nextLogin();
      return gateway;
    },
  };
}

function listeningSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
}

describe("a gateway with QQ", () => {
  it("answers in private and in groups, each message where it was asked (QQ-28, QQ-D12)", async () => {
    const { qq, start } = await openGatewayHouse();
    await start();
    const places = [["user-1", undefined], ["user-1", "G1"], ["user-2", "G1"], ["user-2", "G2"], ["user-2", undefined]] as const;
    const asked = places.map(([user, group]) => ({ user, group, id: qq.say(user, `${user} in ${group ?? "private"}`, group === undefined ? {} : { group }) }));
    for (const { user, group } of asked) await qq.nextReply(group === undefined ? user : { group });
    const expected = asked.map(({ user, group, id }) => [id, `${user} in ${group ?? "private"}`, group]);
    expect(new Set(qq.sent.map(({ msgId, text, group }) => [msgId, text, group]))).toEqual(new Set(expected));
  });

  it("answers a message once that comes again after a restart", async () => {
    const { qq, start } = await openGatewayHouse();
    const first = await start();
    const id = qq.say("user-1", "once");
    await qq.nextReply("user-1");
    await first.stop();
    await start();
    qq.redeliver(id);
    qq.say("user-1", "after");
    expect(await qq.nextReply("user-1")).toMatchObject({ text: "after" });
    expect(qq.sent.map(({ text }) => text)).toEqual(["once", "after"]);
  });

  it("answers what was asked before a restart by the message that asked", async () => {
    const { qq, start } = await openGatewayHouse();
    const first = await start(createGatedAgent());
    const id = qq.say("user-1", "think about it");
    await expect.poll(() => first.snapshot().unfinished).toBe(1);
    await first.stop();
    await start();
    expect(await qq.nextReply("user-1")).toMatchObject({ text: "think about it", msgId: id, msgSeq: 1 });
  });

  it("opens no port, not even while messages come and go (QQ-03)", async () => {
    const { qq, start } = await openGatewayHouse();
    const before = listeningSockets();
    await start();
    qq.say("user-1", "hello");
    await qq.nextReply("user-1");
    expect(before).toBeGreaterThan(0); // the sandbox's own, so that counting works at all
    expect(listeningSockets()).toBe(before);
  });
});

describe("a burst of a thousand messages", () => {
  it.each<[string, (connection: QqConnection) => void]>([
    ["the socket is dropped", (connection) => connection.reset()],
    ["the gateway wants another connection", (connection) => connection.reconnect()],
    ["the connection expires", (connection) => connection.close(4009)],
  ])("is answered once each and in order, though %s in the middle of it, three times (QQ-19)", async (_title, end) => {
    const { platform, sandbox: { qq }, ...house } = await openRunningHouse(qqPeer, { clock: createManualClock() });
    const said = await everybodySays(platform, 50, texts(5));
    for (let part = 0; part < 3; part += 1) {
      const connected = qq.nextConnection();
      qq.connections.forEach(end);
      said.push(...(await everybodySays(platform, 50, texts(5, `part ${part}, message`))));
      await house.wait(connected);
    }
    await house.echoed(said);
    await house.stop();
    expect(said).toHaveLength(1_000);
    expect(platform.answers()).toEqual(echoesOf(said));
    expect(qq.logins.filter(({ kind }) => kind === "identify")).toHaveLength(1);
    expect(new Set(qq.sent.map(({ msgId }) => msgId))).toEqual(new Set(said.map(({ id }) => id)));
  }, 60_000);
});

describe("a bot that QQ refuses for good", () => {
  it("is left alone by the gateway, which goes on without it and says why", async () => {
    const clock = createManualClock();
    const { sandbox: { qq, record }, ...house } = await openHouse(qqPeer, { clock });
    qq.behave({ grantedIntents: 0 });
    await house.start();
    await house.wait(qq.nextLogin());
    await house.wait(clock.sleep(6 * 3_600_000));
    expect(record.entries.filter(({ path }) => path === "/websocket/")).toHaveLength(1);
    expect(house.snapshot()).toMatchObject({ state: "running", channels: [{ status: { state: "failed" } }] });
    await house.stop();
  });
});
