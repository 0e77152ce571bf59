import { describe, expect, it, onTestFinished } from "vitest";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDingtalkChannel } from "@revka/channel-dingtalk";
import { createLarkChannel } from "@revka/channel-lark";
import { createMochatChannel } from "@revka/channel-mochat";
import { createQqChannel } from "@revka/channel-qq";
import { silentLogger, type Channel, type ChannelContext } from "@revka/core";
import { createGateway } from "@revka/gateway";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { revka } from "./support/revka.ts";
import { testSettings } from "./support/settings.ts";
import { tempFolder } from "./support/temp-folder.ts";

interface Peer {
  readonly section: string;
  readonly stranger: string;
  readonly create: (sandbox: Sandbox, contextOf: (instance: string) => ChannelContext) => Channel;
  readonly connected: (sandbox: Sandbox) => Promise<unknown>;
  readonly say: (sandbox: Sandbox) => unknown;
}

const PEERS: readonly Peer[] = [
  {
    section: "dingtalk",
    stranger: "stranger-1",
    create: ({ dingtalk: { clientId, clientSecret, url: baseUrl } }, contextOf) => createDingtalkChannel({ clientId, clientSecret, baseUrl }, contextOf("dingtalk")),
    connected: ({ dingtalk }) => dingtalk.nextConnection(),
    say: ({ dingtalk }) => dingtalk.say("stranger-1", "let me in"),
  },
  {
    section: "lark",
    stranger: "ou_stranger",
    create: ({ lark: { credentials: { appId, appSecret }, url: baseUrl } }, contextOf) => createLarkChannel({ appId, appSecret, baseUrl }, contextOf("lark")),
    connected: ({ lark }) => lark.nextConnection(),
    say: ({ lark }) => lark.say("ou_stranger", "let me in"),
  },
  {
    section: "mochat",
    stranger: "stranger-1",
    create: ({ mochat: { url: apiUrl, token: apiToken } }, contextOf) => createMochatChannel({ apiUrl, apiToken, pollIntervalMs: 100 }, contextOf("mochat")),
    connected: () => Promise.resolve(),
    say: ({ mochat }) => mochat.say("stranger-1", "let me in"),
  },
  {
    section: "qq",
    stranger: "stranger-1",
    create: ({ qq: { appId, appSecret, url: baseUrl } }, contextOf) => createQqChannel({ appId, appSecret, baseUrl }, contextOf("qq")),
    connected: ({ qq }) => qq.nextLogin(),
    say: ({ qq }) => qq.say("stranger-1", "let me in"),
  },
];

describe("revka channel senders", () => {
  it.each(PEERS.map((peer) => [peer.section, peer] as const))("shows whom %s refused, so that they can be let in (GW-25)", async (section, { stranger, create, connected, say }) => {
    await using sandbox = await startSandbox();
    const folder = await tempFolder();
    await writeFile(join(folder, "config.toml"), "", { mode: 0o600 });
    const denied = Promise.withResolvers<string>();
    const gateway = await createGateway({
      folder,
      settings: testSettings(),
      logger: silentLogger,
      channelObserver: ({ step, channel }) => step === "denied" && denied.resolve(channel),
      createChannels: (contextOf) => Promise.resolve({ channels: [create(sandbox, contextOf)], warnings: [] }),
    });
    onTestFinished(() => gateway.stop());
    await gateway.start();
    await connected(sandbox);
    say(sandbox);
    expect(await denied.promise).toBe(section);
    await gateway.stop();
    const { stdout, exitCode } = await revka(["channel", "senders", section, "--config", folder]);
    expect({ stdout, exitCode }).toEqual({ stdout: expect.stringMatching(new RegExp(`^ {2}\\S+ {2}${section} +${stranger}.*\\n\\nTo let somebody in: revka channel allow`)) as unknown, exitCode: 0 });
  });
});
