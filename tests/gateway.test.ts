import { writeFile } from "node:fs/promises";
import { createMochatChannel } from "@revka/channel-mochat";
import { createWecomChannel } from "@revka/channel-wecom";
import { silentLogger, type Channel, type ChannelContext } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { createGateway, type Agent, type Gateway, type GatewayOptions } from "@revka/gateway";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { revka } from "./support/revka.ts";
import { testSettings } from "./support/settings.ts";
import { tempFolder } from "./support/temp-folder.ts";

interface Opened {
  readonly gateway: Gateway;
  readonly sandbox: Sandbox;
}

type ChannelOf = (sandbox: Sandbox, context: ChannelContext) => Channel;

const mochatFor =
  (allowedUsers: readonly string[]): ChannelOf =>
  ({ mochat }, context) =>
    createMochatChannel({ apiUrl: mochat.url, apiToken: mochat.token, allowedUsers, pollIntervalMs: 100 }, context);
const wecom: ChannelOf = ({ wecom: { key, url } }, context) => createWecomChannel({ webhookKey: key, baseUrl: url }, context);

async function openGateway(channelOf: ChannelOf, options: Pick<GatewayOptions, "agent" | "clock"> = {}): Promise<Opened> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const gateway = await createGateway({
    folder: await tempFolder(),
    settings: testSettings(),
    logger: silentLogger,
    createChannels: (contextOf) => Promise.resolve({ channels: [channelOf(sandbox, contextOf("under-test"))], warnings: [] }),
    ...options,
  });
  onTestFinished(() => gateway.stop());
  await gateway.start();
  return { gateway, sandbox };
}

describe("a sender who is not allowed", () => {
  it("costs nothing: no agent is asked, nothing is sent, and the platform is told that the message is done with (GW-26)", async () => {
    const asked: string[] = [];
    const agent: Agent = {
      kind: "witness",
      async *turn({ sender, message }) {
        asked.push(sender.id);
        yield await Promise.resolve({ kind: "done" as const, text: message.text });
      },
    };
    const { sandbox: { mochat, record } } = await openGateway(mochatFor(["friend"]), { agent });
    const denied = mochat.say("stranger", "let me in");
    await record.next(({ query }) => query === `?since_id=${denied}`);
    mochat.say("friend", "hello");
    await mochat.nextReply("friend");
    expect(asked).toEqual(["friend"]);
    expect(mochat.sent.map(({ userId }) => userId)).toEqual(["friend"]);
  });
});

describe("a channel that only sends", () => {
  it("is listened to without an end, counts as well, and posts nothing by itself for hours (GW-53, GW-54)", async () => {
    const clock = createManualClock();
    const { gateway, sandbox } = await openGateway(wecom, { clock });
    await clock.advance(6 * 3_600_000);
    expect(gateway.snapshot().channels).toMatchObject([{ status: { state: "idle", reconnects: 0 } }]);
    expect(sandbox.record.entries).toEqual([]);
  });

  it("posts its health check when an operator asks, and not when visible checks are left out (GW-54)", async () => {
    await using sandbox = await startSandbox();
    const config = await writeSandboxConfig(sandbox);
    expect(await revka(["channel", "doctor", "--skip-visible", "--config", config])).toMatchObject({ exitCode: 0 });
    expect(sandbox.wecom.sent()).toEqual([]);
    expect(await revka(["channel", "doctor", "--config", config])).toMatchObject({ exitCode: 0 });
    expect(sandbox.wecom.sent().map(({ text }) => text)).toEqual(["health_check"]);
  });
});

describe("mochat, from the command line", () => {
  it("is asked for its health, and has taken a message when it answers with code 0 or 200 and no other (GW-55)", async () => {
    await using sandbox = await startSandbox();
    const config = await writeSandboxConfig(sandbox);
    expect(await revka(["channel", "doctor", "--skip-visible", "--config", config])).toMatchObject({ exitCode: 0 });
    expect(sandbox.record.entries.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /api/health"]);
    for (const [sendCode, exitCode] of [[0, 0], [200, 0], [40001, 1]] as const) {
      sandbox.mochat.behave({ sendCode });
      expect(await revka(["channel", "send", "hello", "--channel-id", "mochat", "--recipient", "user-1", "--config", config])).toMatchObject({ exitCode });
    }
    expect(sandbox.mochat.sent).toHaveLength(2);
  });
});

async function writeSandboxConfig(sandbox: Sandbox): Promise<string> {
  const folder = await tempFolder();
  const sections = (["mochat", "wecom"] as const).map((platform) => {
    const { section, values } = sandbox.settingsFor(platform);
    return [`[channels_config.${section}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)].join("\n");
  });
  await writeFile(`${folder}/config.toml`, `${sections.join("\n")}\n`, { mode: 0o600 });
  return folder;
}
