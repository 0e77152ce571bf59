import { createDingtalkChannel, type DingtalkConfig } from "@revka/channel-dingtalk";
import { createContext, createMemoryStore, type Channel, type Store } from "@revka/core";
import { recordingAccept, recordingLogger, type ContractDescriptor, type ContractFault, type ContractInbound } from "@revka/core/testing";
import { startSandbox, type DingtalkControl, type Sandbox } from "@revka/sandbox";
import { asShown } from "../dingtalk/as-shown.ts";

const USERS = { friend: "user-1", stranger: "user-2" } as const;

/** DingTalk on the sandbox, for the channel contract: answers go through session webhooks, which know no credentials. */
export const dingtalkContract: ContractDescriptor = descriptorOf("dingtalk", { proactiveSend: false, faults: ["rate-limited", "answer-lost"] });

/** The same with nobody having written before, so that sends go through the robot API. */
export const dingtalkRobotContract: ContractDescriptor = descriptorOf("dingtalk-robot", { proactiveSend: true, faults: ["unauthorized", "rate-limited", "answer-lost"] });

interface Way extends Pick<ContractDescriptor, "faults"> {
  readonly proactiveSend: boolean;
}

function descriptorOf(name: string, { faults, proactiveSend }: Way): ContractDescriptor {
  return {
    name,
    receives: true,
    echoes: true,
    faults,
    userIds: USERS,
    async open({ allowedUsers }) {
      const sandbox = await startSandbox();
      const { dingtalk } = sandbox;
      const logger = recordingLogger();
      const store = createMemoryStore();
      const config = { clientId: dingtalk.clientId, clientSecret: dingtalk.clientSecret, baseUrl: dingtalk.url, allowedUsers, proactiveSend };
      if (!proactiveSend) await talkOnce(dingtalk, config, store);
      const known = dingtalk.acks.length;
      return {
        channel: createDingtalkChannel(config, createContext(name, { logger, store })),
        logger,
        secrets: [dingtalk.clientSecret],
        target: { conversationId: USERS.friend },
        platform: {
          sent: () => dingtalk.sent.map(({ text }) => asShown(text)),
          fail: (fault) => fail(sandbox, fault),
        },
        inbound: inboundOf(dingtalk, known),
        [Symbol.asyncDispose]: () => sandbox.close(),
      };
    },
  };
}

/** Lets the friend write to the bot of an earlier run, which leaves the webhook in the store. */
async function talkOnce(dingtalk: DingtalkControl, config: DingtalkConfig, store: Store): Promise<void> {
  const abort = new AbortController();
  const earlier: Channel = createDingtalkChannel({ ...config, allowedUsers: ["*"] }, createContext("dingtalk", { store }));
  const { accept, next } = recordingAccept();
  const listening = earlier.listen(accept, abort.signal);
  const connection = await dingtalk.nextConnection();
  dingtalk.say(USERS.friend, "hello");
  await next();
  await dingtalk.nextAck();
  abort.abort();
  await listening;
  await connection.closed;
}

function fail({ dingtalk, faults }: Sandbox, fault: ContractFault): void {
  if (fault === "unauthorized") dingtalk.acceptSecret("a new secret");
  else if (fault === "rate-limited") {
    dingtalk.refuse(130101, 100);
    dingtalk.refuse({ status: 403, code: "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi" }, 100);
  } else {
    for (const path of ["/robot/*", "/v1.0/robot/*"]) faults.add({ path, times: "always", fault: { kind: "reset", at: "after-work" } });
  }
}

/** An ack is how a client says that it is done with a message. */
function inboundOf(dingtalk: DingtalkControl, known: number): ContractInbound {
  const isHandled = (msgId: string): boolean => dingtalk.acks.slice(known).some((ack) => ack.msgId === msgId);
  return {
    say: (text, userId) => Promise.resolve(dingtalk.say(userId, text)),
    redeliver: (msgId) => Promise.resolve(void dingtalk.redeliver(msgId)),
    async handled(msgId) {
      while (!isHandled(msgId)) await dingtalk.nextAck();
    },
    isHandled,
    garble() {
      for (const connection of dingtalk.connections) connection.sendRaw("<html>no frame</html>");
      return Promise.resolve();
    },
    echo: (text) => Promise.resolve(void dingtalk.say(USERS.friend, text, { overrides: { senderId: "$:LWCP_v1:$sandboxbot", senderStaffId: undefined } })),
    openCount: () => dingtalk.connections.length,
  };
}
