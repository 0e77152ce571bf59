import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { startDaemon, type Daemon } from "../support/daemon.ts";
import { openSandbox, sectionOf } from "../support/sections.ts";
import { startHttpProxy } from "../support/http-proxy.ts";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { watchArrivals } from "./arrivals.ts";

const ECHO = '[agent]\nkind = "echo"\n';
const ALLOWED = 'an http, https, socks5 or socks5h URL with a host, or "direct"';

/** No proxy of ours, and its password must not be told for that. */
const WRONG = "ftp://somebody:planted-password@proxy.example";

/** One message to the bot, and its answer. */
async function talk({ mochat }: Sandbox): Promise<string> {
  mochat.say("ann", "hello");
  return (await mochat.nextReply("ann")).text;
}

async function stop(daemon: Daemon): Promise<string> {
  daemon.signal("SIGTERM");
  expect(await daemon.ended).toBe(0);
  return daemon.output();
}

const asked = ({ record }: Sandbox): readonly string[] => [...new Set(record.entries.map(({ platform }) => platform))];

describe("a channel's proxy_url", { timeout: 60_000 }, () => {
  it.each([
    ["is another protocol's", WRONG],
    ["is no URL", "somebody:planted-password@proxy.example:3128"],
    ["has no host", "socks5://"],
  ])("that %s keeps that channel alone from starting; the daemon says where and what is allowed, but no password (fault 6)", async (_title, url) => {
    const sandbox = await openSandbox();
    const daemon = await startDaemon(await tempFolder(), `${ECHO}${sectionOf(sandbox, "mochat")}${sectionOf(sandbox, "qq", { proxy_url: url })}`);
    expect(await talk(sandbox)).toBe("hello");
    const output = await stop(daemon);
    expect(output).toMatch(/config\.toml:\d+ {2}\[channels_config\.qq\] proxy_url: found /);
    expect(output).toContain(JSON.stringify(`allowed is ${ALLOWED}`).slice(1, -1));
    expect(output).not.toContain("planted-password");
    expect(asked(sandbox)).toEqual(["mochat"]);
  });
});

describe("a [proxy] that is wrong", { timeout: 60_000 }, () => {
  it("keeps every channel without a proxy_url of its own from starting; the others start and go their own way (fault 6)", async () => {
    const [sandbox, proxy] = [await openSandbox(), await startHttpProxy()];
    const arrivals = watchArrivals(Number(new URL(sandbox.url).port));
    const own = sectionOf(sandbox, "mochat", { proxy_url: proxy.url.href });
    const others = (["lark", "dingtalk", "qq", "wecom"] as const).map((name) => sectionOf(sandbox, name)).join("");
    const daemon = await startDaemon(await tempFolder(), `${ECHO}[proxy]\nenabled = true\nhttps_proxy = "${WRONG}"\n${own}${others}`);
    expect(await talk(sandbox)).toBe("hello");
    const output = await stop(daemon);
    expect(output).toMatch(/config\.toml:\d+ {2}\[proxy\] https_proxy: found /);
    for (const name of ["lark", "dingtalk", "qq", "wecom"]) {
      expect(output).toContain(`The proxy settings are not valid and [channels_config.${name}] has no proxy_url of its own; not starting [channels_config.${name}]`);
    }
    expect(output).not.toContain("planted-password");
    expect([asked(sandbox), arrivals.besides(proxy)]).toEqual([["mochat"], 0]);
  });

  it.each([
    ["daemon", []],
    ["channel doctor", []],
    ["channel send", ["hello", "--channel-id", "mochat", "--recipient", "ann"]],
  ])("in the environment has revka %s go nowhere (fault 6)", async (command, args) => {
    const sandbox = await openSandbox();
    const config = join(await tempFolder(), "config.toml");
    await writeFile(config, ECHO + sectionOf(sandbox, "mochat"), { mode: 0o600 });
    const { exitCode, stdout, stderr } = await revka([...command.split(" "), ...args, "--config", config], { env: { HTTPS_PROXY: WRONG } });
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toMatch(/The proxy settings are not valid/);
    expect(stdout + stderr).not.toContain("planted-password");
    expect(sandbox.record.entries).toEqual([]);
  });
});
