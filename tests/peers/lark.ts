import { createLarkChannel, type LarkConfig } from "@revka/channel-lark";
import { createContext } from "@revka/core";
import { recordingLogger, type ContractDescriptor, type ContractFault, type ContractInbound, type ContractSubject, type RecordingLogger } from "@revka/core/testing";
import { startSandbox, type LarkControl, type Sandbox } from "@revka/sandbox";
import { isTaken } from "../support/port.ts";

const USERS = { friend: "ou_friend", stranger: "ou_stranger" } as const;
const MESSAGES = "/open-apis/im/v1/messages*";

/** Lark over the long connection, on the sandbox, for the channel contract. */
export const larkContract: ContractDescriptor = {
  name: "lark",
  receives: true,
  echoes: true,
  faults: ["unauthorized", "rate-limited", "answer-lost"],
  userIds: USERS,
  async open({ allowedUsers }) {
    const sandbox = await startSandbox();
    return subjectOf(sandbox, "lark", { config: { allowedUsers }, inboundOf: overSocket });
  },
};

/** Feishu through the webhook. It receives whatever the platform thinks of the app's secret. */
export const feishuWebhookContract: ContractDescriptor = {
  name: "feishu",
  receives: true,
  echoes: true,
  faults: ["rate-limited"],
  userIds: USERS,
  async open({ allowedUsers }) {
    const sandbox = await startSandbox();
    const [encryptKey, verificationToken] = ["an encrypt key", "a verification token"];
    sandbox.feishu.accept({ encryptKey, verificationToken });
    const config = { allowedUsers, encryptKey, verificationToken, region: "feishu", receiveMode: "webhook", port: 0 } as const;
    return subjectOf(sandbox, "feishu", { config, inboundOf: throughWebhook });
  },
};

interface Way {
  readonly config: Partial<LarkConfig>;
  readonly inboundOf: (platform: LarkControl, logger: RecordingLogger) => ContractInbound;
}

function subjectOf(sandbox: Sandbox, name: "lark" | "feishu", { config, inboundOf }: Way): ContractSubject {
  const { [name]: platform } = sandbox;
  const { appId, appSecret } = platform.credentials;
  const { encryptKey, verificationToken } = config;
  const logger = recordingLogger();
  return {
    channel: createLarkChannel({ appId, appSecret, baseUrl: platform.url, ...config }, createContext(name, { logger })),
    logger,
    secrets: [appSecret, encryptKey, verificationToken].filter((secret) => secret !== undefined),
    target: { conversationId: USERS.friend },
    platform: {
      sent: () => platform.sent.map(({ text }) => text),
      fail: (fault) => fail(sandbox, platform, fault),
    },
    inbound: inboundOf(platform, logger),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

function fail({ faults }: Sandbox, platform: LarkControl, fault: ContractFault): void {
  if (fault === "unauthorized") {
    platform.accept({ appSecret: "a new secret" });
    platform.revokeTokens();
  } else if (fault === "rate-limited") platform.refuse(99991400, 100, { path: MESSAGES, httpStatus: 429, headers: { "x-ogw-ratelimit-reset": "60" } });
  else faults.add({ path: MESSAGES, times: "always", fault: { kind: "reset", at: "after-work" } });
}

/** An ack with code 200 is how a client says that it is done with a message. */
function overSocket(platform: LarkControl): ContractInbound {
  const isHandled = (id: string): boolean => platform.acks.some((ack) => ack.id === id && ack.counts);
  return {
    say: (text, userId) => Promise.resolve(platform.say(userId, text)),
    redeliver: (id) => Promise.resolve(void platform.redeliver(id)),
    async handled(id) {
      while (!isHandled(id)) await platform.nextAck();
    },
    isHandled,
    garble() {
      for (const connection of platform.connections) connection.sendRaw(Uint8Array.from({ length: 64 }, () => 0xff));
      return Promise.resolve();
    },
    echo: (text) => Promise.resolve(void echo(platform, text)),
    openCount: () => platform.connections.length,
  };
}

/** An answer with status 200 is. */
function throughWebhook(platform: LarkControl, logger: RecordingLogger): ContractInbound {
  const isHandled = (id: string): boolean => platform.posts.some((post) => post.id === id && post.isAccepted);
  const url = (): string => `http://${/listening on (\S+)/.exec(logger.text())?.[1] ?? ""}`;
  const verified = async (): Promise<LarkControl> => {
    if (platform.posts.length === 0) await platform.useWebhook(url());
    return platform;
  };
  return {
    say: async (text, userId) => (await verified()).say(userId, text),
    redeliver: (id) => Promise.resolve(void platform.redeliver(id)),
    async handled(id) {
      while (!isHandled(id)) await platform.nextPost();
    },
    isHandled,
    async garble() {
      await (await verified()).post("", { body: "<html>no event</html>" });
    },
    echo: async (text) => void echo(await verified(), text),
    openCount: () => (isTaken(Number(new URL(url()).port)) ? 1 : 0),
  };
}

function echo(platform: LarkControl, text: string): string {
  return platform.say(platform.botOpenId, text, { senderType: "app" });
}
