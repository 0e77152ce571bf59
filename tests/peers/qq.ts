import { createQqChannel } from "@revka/channel-qq";
import { createContext } from "@revka/core";
import { recordingLogger, type ContractDescriptor, type ContractFault, type ContractInbound } from "@revka/core/testing";
import { startSandbox, type QqControl, type Sandbox } from "@revka/sandbox";

const USERS = { friend: "user-1", stranger: "user-2" } as const;

/** QQ on the sandbox, for the channel contract: nobody has written before, so sends answer nothing. */
export const qqContract: ContractDescriptor = {
  name: "qq",
  receives: true,
  echoes: true,
  faults: ["unauthorized", "rate-limited"],
  userIds: USERS,
  async open({ allowedUsers }) {
    const sandbox = await startSandbox();
    const { qq } = sandbox;
    for (const user of Object.values(USERS)) qq.meet(user);
    const logger = recordingLogger();
    const config = { appId: qq.appId, appSecret: qq.appSecret, baseUrl: qq.url, allowedUsers };
    return {
      channel: createQqChannel(config, createContext("qq", { logger })),
      logger,
      secrets: [qq.appSecret],
      target: { conversationId: `user:${USERS.friend}` },
      platform: {
        sent: () => qq.sent.map(({ text }) => text),
        fail: (fault) => fail(sandbox, fault),
      },
      inbound: inboundOf(qq),
      [Symbol.asyncDispose]: () => sandbox.close(),
    };
  },
};

function fail({ qq, faults }: Sandbox, fault: ContractFault): void {
  if (fault === "unauthorized") qq.acceptSecret("a new secret");
  else if (fault === "rate-limited") faults.add({ path: "/v2/*", times: "always", fault: { kind: "answer", status: 429, body: '{"code":22009,"message":"msg limit exceed"}' } });
  else faults.add({ path: "/v2/*", times: "always", fault: { kind: "reset", at: "after-work" } });
}

/** A heartbeat carries the number of the last dispatch that its client is done with. */
function inboundOf(qq: QqControl): ContractInbound {
  const numbers = new Map<string, number>();
  const note = (id: string): string => {
    numbers.set(id, numbers.get(id) ?? Math.max(...qq.sessions.map(({ s }) => s)));
    return id;
  };
  const isHandled = (id: string): boolean => qq.heartbeats.some(({ s }) => s !== null && s >= (numbers.get(id) ?? Infinity));
  const askForHeartbeat = async (): Promise<void> => {
    const asked = qq.heartbeats.length;
    for (const connection of qq.connections) connection.beat();
    while (qq.heartbeats.length === asked) await qq.nextHeartbeat();
  };
  return {
    say: (text, userId) => Promise.resolve(note(qq.say(userId, text))),
    async redeliver(id) {
      await askForHeartbeat();
      qq.redeliver(id);
    },
    async handled(id) {
      while (!isHandled(id)) await askForHeartbeat();
    },
    isHandled,
    garble() {
      for (const connection of qq.connections) connection.sendRaw("<html>no frame</html>");
      return Promise.resolve();
    },
    echo: (text) => Promise.resolve(void qq.say(qq.botId, text)),
    openCount: () => qq.connections.length,
  };
}
