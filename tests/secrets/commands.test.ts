import { cp, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { look, RECIPIENTS, send, talk } from "./life.ts";
import { openPlantedHouse } from "./planted-house.ts";
import { leaksIn } from "./search.ts";

const DEBUG = ["--log-level", "debug"] as const;

/** What an operator may type while a daemon runs, and what changes nothing. */
const QUIET: readonly (readonly string[])[] = [
  ["--version"], ["config", "check"], ["config", "check", "--json"], ["config", "show"], ["config", "show", "--json"], ["config", "schema"],
  ["channel", "list"], ["channel", "list", "--verbose"], ["channel", "list", "--json"], ["channel", "senders"], ["channel", "senders", "--json"],
  ["channel", "doctor"], ["channel", "doctor", "--json"], [...DEBUG, "doctor"], ["doctor", "--json"], ["status"], ["status", "--json"], ["status", "--format=exit-code"],
  ["inbox", "list", "--with-text"], ["inbox", "list", "--json", "--with-text"], [...DEBUG, "inbox", "replay", "99"], ["service", "install", "--dry-run"], ["service", "status"],
  ["completions", "bash"], ["onboard"], ["onboard", "--channels-only"], ["onboard", "--channels-only", "--api-key", "x"], [...DEBUG, "daemon"], [...DEBUG, "channel", "start"], ["dance"],
];

describe("the commands of revka, with a secret in every place that may hold one", { timeout: 180_000 }, () => {
  it("show none beside a daemon that runs", async () => {
    const house = await openPlantedHouse();
    const { sandbox: { lark, feishu, dingtalk, qq }, webhookUrl, run, evidence } = house;
    const daemon = await house.start();
    await Promise.all([lark.nextConnection(), dingtalk.nextConnection(), qq.nextLogin(), daemon.logged("listening on")]);
    await feishu.useWebhook(webhookUrl);
    await talk(house, daemon, "hello");
    for (const args of QUIET) await run(...args);
    for (const [name, recipient] of Object.entries(RECIPIENTS)) await run(...DEBUG, "channel", "send", `hello ${name}`, "--channel-id", name, "--recipient", recipient);
    for (const json of [[], ["--json"]]) await run(...DEBUG, "channel", "send", "hello", "--channel-id", "dingtalk", "--recipient", "nobody", ...json);
    expect(await send(house, daemon, "mochat")).toBe(200);
    await look(house, daemon);
    expect([...evidence.texts.values()].filter((text) => text === "")).toHaveLength(1); // `status --format=exit-code` says nothing
    expect(leaksIn(await house.collect(), house.canaries())).toEqual([]);
  });

  it("show none that change the configuration, whatever they are given", async () => {
    const house = await openPlantedHouse();
    const { planted, run } = house;
    const secrets = planted.canaries.filter(({ name }) => name.startsWith("channels_config.qq"));
    const json = (value: unknown): string => JSON.stringify(Object.fromEntries(secrets.map(({ name }) => [name.replace("channels_config.qq.", ""), value])));
    const value = planted.valueOf("channels_config.qq.app_secret");
    for (const given of [json(value), json([value]), json({ x: value }), JSON.stringify({ app_secret: [value], proxy_url: [`http://u:${value}@h`] }), JSON.stringify({ proxy_url: `gopher://${encodeURIComponent(value)}@h`, base_url: `https://u:${encodeURIComponent(value)}@h` }), value]) {
      await run(...DEBUG, "channel", "add", "qq", given);
    }
    for (const args of [["channel", "allow", "qq", "user-1"], ["channel", "deny", "qq", "user-1"], ["secrets", "encrypt"], ["secrets", "encrypt"], ["secrets", "rotate"], ["config", "show"], ["channel", "remove", "wecom", "--yes"], ["secrets", "decrypt"], ["config", "check"]]) {
      expect(await run(...args), args.join(" ")).toMatchObject({ exitCode: 0 });
    }
    expect(leaksIn(await house.collect(), house.canaries())).toEqual([]);
  });

  it("show none that cannot be decrypted: the key is missing, another, or half of one", async () => {
    const house = await openPlantedHouse();
    const { folder, run } = house;
    const key = join(folder, ".secret_key");
    await mkdir(join(folder, "kept"));
    await cp(key, join(folder, "kept", "key"));
    const states: readonly (readonly [string, () => Promise<void>])[] = [
      ["missing", () => rename(key, join(folder, "kept", "moved"))],
      ["another", () => writeFile(key, "0".repeat(64), { mode: 0o600 })],
      ["half of one", () => writeFile(key, "0".repeat(32), { mode: 0o600 })],
    ];
    for (const [, prepare] of states) {
      await prepare();
      for (const args of [["config", "check"], ["config", "check", "--json"], ["config", "show"], ["status"], [...DEBUG, "doctor"], [...DEBUG, "secrets", "decrypt"], [...DEBUG, "secrets", "rotate"], [...DEBUG, "daemon"]]) {
        expect((await run(...args)).exitCode, args.join(" ")).not.toBe(130);
      }
    }
    expect(leaksIn(await house.collect(), house.canaries())).toEqual([]);
  });
});
