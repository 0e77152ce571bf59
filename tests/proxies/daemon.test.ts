import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { sectionOf } from "../support/sections.ts";
import { startHttpProxy } from "../support/http-proxy.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { allBy, CHANNELS, configOf, loggedWays, masked, talkOnAll } from "./all-channels.ts";
import { KINDS } from "./kinds.ts";
import { openTlsWorld, whyNoTls } from "./tls-world.ts";

describe.skipIf(whyNoTls !== undefined)("a daemon with all channels", { timeout: 60_000 }, () => {
  it.each(KINDS)("and a proxy_url of %s talks on all through it, by names that the proxy resolves, and logs the way of each once, masked (GW-09, LARK-25, DT-10, QQ-10, WECOM-27, MOCHAT-44)", async (_kind, startProxy) => {
    const [world, proxy] = [await openTlsWorld(), await startProxy()];
    const daemon = await talkOnAll(world, configOf(world, { proxy_url: proxy.url.href }));
    expect(world.arrivals.count).toBeGreaterThan(0);
    expect(world.arrivals.besides(proxy)).toBe(0);
    for (const target of proxy.targets) expect(target).toEqual({ host: world.host, port: world.port, form: "name" });
    expect(loggedWays(daemon)).toEqual(allBy(masked(proxy.url)));
    for (const secret of proxy.secrets) expect(daemon.output()).not.toContain(secret);
  });

  it("and a [proxy] that serves each by name takes its https_proxy for calls and WebSockets alike (WECOM-27, MOCHAT-44)", async () => {
    const [world, proxy, other] = [await openTlsWorld(), await startSocksProxy(), await startHttpProxy()];
    const urls = `http_proxy = "${other.url.href}"\nhttps_proxy = "${proxy.url.href}"\nall_proxy = "${other.url.href}"\n`;
    const daemon = await talkOnAll(world, configOf(world, {}, `[proxy]\nenabled = true\nscope = "services"\nservices = ${JSON.stringify(CHANNELS.map((name) => `channel.${name}`))}\n${urls}`));
    expect(world.arrivals.count).toBeGreaterThan(0);
    expect(world.arrivals.besides(proxy)).toBe(0);
    expect(other.targets).toEqual([]);
    expect(loggedWays(daemon)).toEqual(allBy(masked(proxy.url)));
    for (const secret of proxy.secrets) expect(daemon.output()).not.toContain(secret);
  });

  it("has the one that a lark section makes under Feishu's name go through the [proxy] that serves channel.lark, as it logs", async () => {
    const [world, proxy] = [await openTlsWorld(), await startHttpProxy()];
    const { feishu } = world.sandbox;
    const table = `[proxy]\nenabled = true\nall_proxy = "${proxy.url.href}"\nscope = "services"\nservices = ["channel.lark"]\n`;
    const section = sectionOf(world.sandbox, "lark", { ...world.sandbox.settingsFor("feishu").values, use_feishu: true });
    const daemon = await startDaemon(await tempFolder(), `[agent]\nkind = "echo"\n${table}${section}`, { env: world.env });
    await feishu.nextConnection();
    feishu.say("ou_ann", "hello");
    expect(await feishu.nextReply("ou_ann")).toMatchObject({ text: "hello" });
    expect(world.arrivals.besides(proxy)).toBe(0);
    expect(loggedWays(daemon)).toEqual([`lark ${masked(proxy.url)}`]);
  });

  it("and a [proxy] whose no_proxy has their platforms goes directly, with calls and WebSockets alike, and logs that (fault 6)", async () => {
    const [world, proxy] = [await openTlsWorld(), await startHttpProxy()];
    const daemon = await talkOnAll(world, configOf(world, {}, `[proxy]\nenabled = true\nall_proxy = "${proxy.url.href}"\nno_proxy = ["elsewhere.example, .example.test"]\n`));
    expect(world.arrivals.count).toBeGreaterThan(0);
    expect(proxy.targets).toEqual([]);
    expect(loggedWays(daemon)).toEqual(allBy("direct"));
  });
});
