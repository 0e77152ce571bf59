import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startHttpProxy } from "../support/http-proxy.ts";
import type { TestProxy } from "../support/proxy-server.ts";
import { revka } from "../support/revka.ts";
import type { Finished } from "../support/run.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { CHANNELS, configOf, masked } from "./all-channels.ts";
import { openTlsWorld, whyNoTls, type TlsWorld } from "./tls-world.ts";

interface Shell {
  readonly world: TlsWorld;
  readonly proxy: TestProxy;
  readonly run: (...args: readonly string[]) => Promise<Finished>;
}

/** A folder whose channels go through a proxy: each by its own `proxy_url`, or all by `[proxy]`. */
async function openShell(way: "own" | "shared", proxy: TestProxy): Promise<Shell> {
  const world = await openTlsWorld();
  const { text } = way === "own" ? configOf(world, { proxy_url: proxy.url.href }) : configOf(world, {}, `[proxy]\nenabled = true\nall_proxy = "${proxy.url.href}"\n`);
  // What only answers needs no listener and nobody who has written before.
  const config = join(await tempFolder(), "config.toml");
  await writeFile(config, text.replace("[channels_config.dingtalk]\n", "[channels_config.dingtalk]\nproactive_send = true\n"), { mode: 0o600 });
  return { world, proxy, run: (...args) => revka([...args, "--config", config], { env: world.env }) };
}

const RECIPIENTS = { lark: "ou_ann", feishu: "ou_ann", dingtalk: "ann", qq: "user:ann", wecom: "", mochat: "ann" } as const;

describe.skipIf(whyNoTls !== undefined)("a command goes through the proxy that is configured, and not around it:", { timeout: 60_000 }, () => {
  it.each([["a proxy_url (GW-09)", "own", startHttpProxy], ["[proxy]", "shared", startSocksProxy]] as const)("revka channel doctor and revka doctor, by %s", async (_title, way, startProxy) => {
    const { world: { arrivals, host }, proxy, run } = await openShell(way, await startProxy());
    const probed = await run("channel", "doctor", "--json");
    expect(outcomesOf(probed)).toEqual(CHANNELS.map((name) => `${name} healthy`).toSorted());
    const seen = arrivals.count;
    const examined = await run("doctor");
    expect(examined.stdout).toContain(`✅ proxy            ${masked(proxy.url)} (`);
    expect(examined.stdout).toMatch(new RegExp(`✅ clock +right by that of ${host}`));
    expect([probed.exitCode, arrivals.count > seen, arrivals.besides(proxy)]).toEqual([0, true, 0]);
    for (const secret of proxy.secrets) expect(probed.stdout + probed.stderr + examined.stdout + examined.stderr).not.toContain(secret);
  });

  it.each([["a proxy_url (GW-09)", "own", startSocksProxy], ["[proxy]", "shared", startHttpProxy]] as const)("revka channel send, by %s", async (_title, way, startProxy) => {
    const { world: { arrivals, sandbox }, proxy, run } = await openShell(way, await startProxy());
    const { lark, feishu, dingtalk, qq, wecom, mochat } = sandbox;
    qq.meet("ann");
    for (const channel of CHANNELS) {
      expect(await run("channel", "send", `hello ${channel}`, "--channel-id", channel, "--recipient", RECIPIENTS[channel])).toMatchObject({ exitCode: 0 });
    }
    const sent: readonly (readonly { readonly text: string }[])[] = [lark.sent, feishu.sent, dingtalk.sent, qq.sent, wecom.sent(), mochat.sent];
    expect(sent).toMatchObject(CHANNELS.map((channel) => [{ text: expect.stringContaining(`hello ${channel}`) as string }]));
    expect(arrivals.besides(proxy)).toBe(0);
  });

  it("also when that proxy refuses them: they fail, say why and tell no password (fault 6)", async () => {
    const { world: { arrivals }, proxy, run } = await openShell("own", await startHttpProxy());
    proxy.want("another password");
    const [probed, sent] = [await run("channel", "doctor", "--json"), await run("channel", "send", "hello", "--channel-id", "mochat", "--recipient", "ann")];
    expect([probed.exitCode, sent.exitCode, arrivals.count]).toEqual([1, 1, 0]);
    expect(outcomesOf(probed)).toEqual(CHANNELS.map((name) => `${name} unhealthy`).toSorted());
    const reason = `proxy ${masked(proxy.url)}: refuses the credentials`;
    expect(probed.stdout.split(reason)).toHaveLength(CHANNELS.length + 1);
    expect(sent.stderr).toContain(reason);
    for (const secret of proxy.secrets) expect(probed.stdout + probed.stderr + sent.stdout + sent.stderr).not.toContain(secret);
  });
});

function outcomesOf({ stdout }: Finished): readonly string[] {
  const { channels } = JSON.parse(stdout) as { readonly channels: readonly { readonly name: string; readonly outcome: string }[] };
  return channels.map(({ name, outcome }) => `${name} ${outcome}`).toSorted();
}

describe("revka channel list", () => {
  it.each([
    ["lark", "open.larksuite.com", 'app_id = "cli_a1"\napp_secret = "s"'],
    ["feishu", "open.feishu.cn", 'app_id = "cli_a1"\napp_secret = "s"'],
    ["dingtalk", "api.dingtalk.com", 'client_id = "ding1"\nclient_secret = "s"'],
    ["qq", "api.sgroup.qq.com", 'app_id = "1"\napp_secret = "s"'],
    ["wecom", "qyapi.weixin.qq.com", 'webhook_key = "k"'],
    ["mochat", "mochat.example.test", 'api_url = "https://mochat.example.test"\napi_token = "t"'],
  ])("tells whether %s goes past the proxy, by where its platform is", async (channel, host, keys) => {
    const config = join(await tempFolder(), "config.toml");
    const proxyOf = async (exception: string): Promise<unknown> => {
      await writeFile(config, `[proxy]\nenabled = true\nall_proxy = "http://127.0.0.1:9"\nno_proxy = ["${exception}"]\n[channels_config.${channel}]\n${keys}\n`, { mode: 0o600 });
      const { stdout } = await revka(["channel", "list", "--json", "--config", config]);
      const { channels } = JSON.parse(stdout) as { readonly channels: readonly { readonly name: string; readonly facts?: { readonly proxy: string } }[] };
      return channels.find(({ name }) => name === channel)?.facts?.proxy;
    };
    expect([await proxyOf(host), await proxyOf("elsewhere.example")]).toEqual(["direct", "http://127.0.0.1:9"]);
  });
});
