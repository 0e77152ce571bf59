import { createDingtalkChannel } from "@revka/channel-dingtalk";
import { createLarkChannel } from "@revka/channel-lark";
import { createQqChannel } from "@revka/channel-qq";
import { createContext, type Channel, type ChannelContext } from "@revka/core";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { describe, expect, it } from "vitest";

interface Peer {
  /** `secret` undefined: the right one. */
  readonly create: (sandbox: Sandbox, context: ChannelContext, secret?: string) => Channel;
  /** Something that takes a token. */
  readonly ask: (channel: Channel) => Promise<unknown>;
}

const checkHealth = (channel: Channel): Promise<unknown> => channel.checkHealth();

const PEERS: Readonly<Record<string, Peer>> = {
  dingtalk: {
    create: ({ dingtalk: { clientId, clientSecret, url: baseUrl } }, context, secret = clientSecret) =>
      createDingtalkChannel({ clientId, clientSecret: secret, baseUrl, proactiveSend: true }, context),
    ask: (channel) => channel.send({ target: { conversationId: "staff-1" }, text: "hello" }),
  },
  lark: {
    create: ({ lark: { credentials, url: baseUrl } }, context, secret = credentials.appSecret) => createLarkChannel({ appId: credentials.appId, appSecret: secret, baseUrl }, context),
    ask: checkHealth,
  },
  qq: {
    create: ({ qq: { appId, appSecret, url: baseUrl } }, context, secret = appSecret) => createQqChannel({ appId, appSecret: secret, baseUrl }, context),
    ask: checkHealth,
  },
};

describe("access tokens", () => {
  it.each(Object.entries(PEERS))("of %s are told to the host: whether one came", async (name, { create, ask }) => {
    await using sandbox = await startSandbox();
    const told: boolean[] = [];
    const context = createContext(name, { onTokenRefresh: (isRefreshed) => told.push(isRefreshed) });
    await ask(create(sandbox, context));
    await Promise.allSettled([ask(create(sandbox, context, "wrong-secret"))]);
    expect(told).toEqual([true, false]);
  });
});
