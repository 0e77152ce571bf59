import { createContext, ConfigError, parseSection, type Channel } from "@revka/core";
import { describe, expect, it } from "vitest";
import type { LarkConfig } from "./config.ts";
import { larkDefinition } from "./definition.ts";

type Name = "lark" | "feishu";
type Tables = Readonly<Partial<Record<Name, Readonly<Record<string, unknown>>>>>;
const KEYS = { app_id: "cli_a0b1c2d3e4f50617", app_secret: "lark-app-secret" };
const EXAMPLES: Readonly<Record<Name, Readonly<Record<string, unknown>>>> = {
  lark: {
    ...KEYS, encrypt_key: "", verification_token: "", allowed_users: ["*"], mention_only: false, receive_mode: "websocket", port: 8081, use_feishu: false,
  },
  feishu: { ...KEYS, encrypt_key: "", verification_token: "", allowed_users: ["*"], receive_mode: "websocket" },
};

function sectionOf(name: Name): (typeof larkDefinition.sections)[number] {
  const section = larkDefinition.sections.find((candidate) => candidate.name === name);
  if (section === undefined) throw new RangeError("there is no such section");
  return section;
}
function parse(name: Name, table: unknown): LarkConfig {
  const { schema, fields } = sectionOf(name);
  return parseSection(schema, table, { path: `channels_config.${name}`, fields }) as LarkConfig;
}
function problemsOf(name: Name, table: unknown): string {
  try {
    parse(name, table);
    return "";
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}
async function create(tables: Tables): Promise<{ channels: readonly Channel[]; warnings: readonly string[] }> {
  const sections = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, parse(name as Name, table)]));
  return larkDefinition.create(sections, createContext);
}
const shown = (channels: readonly Channel[]): unknown => channels.map(({ name, displayName }) => `${name} ${displayName}`);

describe("areJoined", () => {
  const webhook = (port: number): object => ({ receive_mode: "webhook", port });
  it.each<[string, Tables, boolean]>([
    ["one section alone", { lark: KEYS }, false],
    ["two that know nothing of each other", { lark: KEYS, feishu: KEYS }, false],
    ["a lark section that may make Feishu", { lark: { ...KEYS, use_feishu: true } }, true],
    ["one that another goes before", { lark: { ...KEYS, use_feishu: true }, feishu: KEYS }, true],
    ["two webhooks on one port", { lark: { ...KEYS, ...webhook(8081) }, feishu: { ...KEYS, ...webhook(8081) } }, true],
    ["two webhooks on two ports", { lark: { ...KEYS, ...webhook(8081) }, feishu: { ...KEYS, ...webhook(8082) } }, false],
    ["a port that one of them does not listen on", { lark: { ...KEYS, port: 8081 }, feishu: { ...KEYS, ...webhook(8081) } }, false],
  ])("tells of %s", (_title, tables, expected) => {
    const sections = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, parse(name as Name, table)]));
    expect(larkDefinition.areJoined?.(sections)).toBe(expected);
  });
});

describe("the sections of lark and feishu", () => {
  it.each<[Name, string, string]>([
    ["lark", "lark", "LARK-10"],
    ["feishu", "feishu", "LARK-11"],
  ])("reads the example of [channels_config.%s] (%s, %s)", (name, region) => {
    const { port: _overSocket, use_feishu: _region, app_id: appId, app_secret: appSecret, ...rest } = EXAMPLES[name];
    expect(rest["allowed_users"]).toEqual(["*"]);
    expect(parse(name, EXAMPLES[name])).toEqual({
      appId, appSecret, region, allowedUsers: ["*"], mentionOnly: false, receiveMode: "websocket", host: "127.0.0.1", path: `/${name}`,
    });
  });

  it("takes the keys of the lark section in the feishu section too (LARK-84, LARK-23, LARK-25)", () => {
    const table = { ...KEYS, mention_only: true, receive_mode: "webhook", port: 9000, proxy_url: "socks5://127.0.0.1:1080", transcription: { enabled: true } };
    expect(parse("feishu", table)).toMatchObject({ mentionOnly: true, port: 9000, proxyUrl: new URL("socks5://127.0.0.1:1080") });
  });

  it("tells every problem at once (LARK-12, LARK-13, LARK-22)", () => {
    const problems = problemsOf("lark", { app_secret: 7, receive_mode: "Webhook", allowed_users: "ou_1", mention_only: "yes", path: "lark", base_url: "http://example.com" });
    const keys = ["app_id", "app_secret", "receive_mode", "allowed_users", "mention_only", "path", "base_url"];
    expect(keys.filter((key) => !problems.includes(`channels_config.lark.${key}: found`))).toEqual([]);
    expect(problems).toContain('app_secret: found a number (not shown), allowed is a non-empty string');
  });

  it("wants a port in webhook mode, in the specification's words (LARK-61, GW-19)", () => {
    const table = { ...KEYS, receive_mode: "webhook" };
    expect(problemsOf("lark", table)).toContain("Lark webhook mode requires port to be set in [channels_config.lark]");
    expect(problemsOf("feishu", table)).toContain("Lark webhook mode requires port to be set in [channels_config.feishu]");
    expect(problemsOf("lark", { receive_mode: "webhook" })).toMatch(/app_id[^]*app_secret[^]*requires port/);
  });

  it.each([0, 65_536, 1.5, "8081", true])("takes no port %s in webhook mode, and any over the socket (LARK-23)", (port) => {
    expect(problemsOf("lark", { ...KEYS, receive_mode: "webhook", port })).toContain("channels_config.lark.port: found");
    expect(problemsOf("lark", { ...KEYS, port })).toBe("");
  });

  it("refuses a webhook that anybody can reach and forge (W-1)", () => {
    const table = { ...KEYS, receive_mode: "webhook", port: 8081, host: "0.0.0.0" };
    expect(problemsOf("lark", table)).toContain("channels_config.lark.host: found");
    expect(problemsOf("lark", { ...table, verification_token: "token" })).toBe("");
    expect(problemsOf("lark", { ...table, encrypt_key: "key" })).toBe("");
  });

  it("names every key and hides the secrets (LARK-83, LARK-26)", () => {
    const keysOf = (name: Name): string[] => sectionOf(name).fields.map(({ key }) => key);
    expect(Object.keys(EXAMPLES.lark).filter((key) => !keysOf("lark").includes(key))).toEqual([]);
    expect(keysOf("lark").filter((key) => !keysOf("feishu").includes(key))).toEqual(["use_feishu"]);
    const secrets = sectionOf("lark").fields.filter(({ isSecret }) => isSecret === true);
    expect(secrets.map(({ key }) => key)).toEqual(["app_secret", "verification_token", "encrypt_key"]);
    const transcription = sectionOf("feishu").fields.find(({ key }) => key === "transcription")?.fields ?? [];
    expect(transcription.find(({ key }) => key === "api_key")?.isSecret).toBe(true);
  });

  it.each<Name>(["lark", "feishu"])("has a wizard ask for what the webhook of %s needs in that mode only", (name) => {
    const asked = sectionOf(name).fields.filter(({ askedWhen }) => askedWhen?.key === "receive_mode" && askedWhen.is === "webhook");
    expect(asked.map(({ key }) => key)).toEqual(["port", "verification_token", "encrypt_key"]);
  });

  it("tells people to begin with everybody (LARK-29)", () => {
    expect(sectionOf("lark").fields.find(({ key }) => key === "allowed_users")?.description).toContain('Begin with ["*"]');
  });
});

describe("larkDefinition.create", () => {
  it("makes nothing of nothing", async () => {
    await expect(create({})).resolves.toEqual({ channels: [], warnings: [] });
  });

  it.each<[string, Tables, string[]]>([
    ["lark (LARK-33)", { lark: { ...KEYS } }, ["lark Lark"]],
    ["feishu (LARK-30)", { feishu: KEYS }, ["feishu Feishu"]],
    ["both (LARK-70)", { lark: { ...KEYS, use_feishu: false }, feishu: KEYS }, ["lark Lark", "feishu Feishu"]],
  ])("makes %s without a word", async (_title, tables, expected) => {
    const { channels, warnings } = await create(tables);
    expect([shown(channels), warnings]).toEqual([expected, []]);
  });

  it("takes the old way to Feishu, and says so (LARK-31, LARK-24)", async () => {
    const { channels, warnings } = await create({ lark: { ...KEYS, use_feishu: true } });
    expect(shown(channels)).toEqual(["feishu Feishu"]);
    expect(warnings).toEqual(["Using legacy [channels_config.lark].use_feishu=true compatibility path; prefer [channels_config.feishu]."]);
  });

  it("lets the feishu section win, and warns (LARK-32, LARK-72)", async () => {
    const { channels, warnings } = await create({ lark: { ...KEYS, use_feishu: true }, feishu: { ...KEYS, app_id: "cli_b" } });
    expect(shown(channels)).toEqual(["feishu Feishu"]);
    expect(warnings).toEqual(["Both [channels_config.feishu] and legacy [channels_config.lark].use_feishu=true are configured; ignoring legacy Feishu fallback in lark."]);
  });

  it("takes a stray use_feishu of the feishu section for nothing", async () => {
    const { channels } = await create({ feishu: { ...KEYS, use_feishu: false } });
    expect(shown(channels)).toEqual(["feishu Feishu"]);
  });

  it("warns of an app id that looks like none", async () => {
    expect((await create({ lark: { ...KEYS, app_id: "my-app" } })).warnings).toEqual([expect.stringContaining('does not begin with "cli_"')]);
  });
});
