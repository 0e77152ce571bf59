import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dingtalkDefinition } from "@revka/channel-dingtalk";
import { larkDefinition } from "@revka/channel-lark";
import { mochatDefinition } from "@revka/channel-mochat";
import { qqDefinition } from "@revka/channel-qq";
import { wecomDefinition } from "@revka/channel-wecom";
import { parseSection } from "@revka/core";
import { describe, expect, it } from "vitest";
import { tableText } from "../support/sections.ts";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";

const SECTIONS = [dingtalkDefinition, larkDefinition, mochatDefinition, qqDefinition, wecomDefinition].flatMap(({ sections }) => sections);

/** Nothing but what each section needs. */
const LEAST: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lark: { app_id: "cli_1", app_secret: "s" },
  feishu: { app_id: "cli_2", app_secret: "s" },
  dingtalk: { client_id: "d", client_secret: "s" },
  wecom: { webhook_key: "k" },
  qq: { app_id: "q", app_secret: "s" },
  mochat: { api_url: "https://m.example", api_token: "t" },
};

/** The specification's optional keys, and what holds for them. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  lark: { allowed_users: [], mention_only: false, receive_mode: "websocket", use_feishu: false, encrypt_key: undefined, verification_token: undefined, port: undefined, proxy_url: undefined },
  feishu: { allowed_users: [], receive_mode: "websocket", encrypt_key: undefined, verification_token: undefined, port: undefined, proxy_url: undefined },
  dingtalk: { allowed_users: [], proxy_url: undefined },
  wecom: { allowed_users: [] },
  qq: { allowed_users: [], proxy_url: undefined },
  mochat: { allowed_users: [], poll_interval_secs: 5 },
};

describe("a section with its required keys alone", () => {
  it("is shown to the operator with the defaults of the specification, and everything else as not set (GW-08)", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "config.toml"), Object.entries(LEAST).map(([name, keys]) => tableText(`channels_config.${name}`, keys)).join("\n"), { mode: 0o600 });
    const { exitCode, stdout } = await revka(["config", "show", "--json", "--config", folder]);
    expect(exitCode).toBe(0);
    const { tables } = JSON.parse(stdout) as { readonly tables: readonly { readonly path: string; readonly keys: readonly { readonly key: string; readonly value?: unknown }[] }[] };
    for (const [name, defaults] of Object.entries(DEFAULTS)) {
      const shown = Object.fromEntries(tables.find(({ path }) => path === `channels_config.${name}`)?.keys.map(({ key, value }) => [key, value]) ?? []);
      expect(Object.fromEntries(Object.keys(defaults).map((key) => [key, shown[key]])), name).toEqual(defaults);
    }
  });

  it.each([
    ["lark", { region: "lark", allowedUsers: [], mentionOnly: false, receiveMode: "websocket" }, ["encryptKey", "verificationToken", "port", "proxyUrl"]],
    ["feishu", { region: "feishu", allowedUsers: [], receiveMode: "websocket" }, ["encryptKey", "verificationToken", "port", "proxyUrl"]],
    ["dingtalk", { allowedUsers: [] }, ["proxyUrl"]],
    ["wecom", { allowedUsers: [] }, ["proxyUrl"]],
    ["qq", { allowedUsers: [] }, ["proxyUrl"]],
    ["mochat", { allowedUsers: [], pollIntervalMs: 5_000 }, ["proxyUrl"]],
  ])("means to the channel what is shown: %s (GW-08)", (name, values, unset) => {
    const section = SECTIONS.find((candidate) => candidate.name === name);
    if (section === undefined) throw new TypeError(`no section ${name}`);
    const config = parseSection(section.schema, LEAST[name], { path: name, fields: section.fields });
    expect(config).toMatchObject(values);
    for (const key of unset) expect(config).not.toHaveProperty(key);
  });
});
