import { ConfigError, createContext, parseSection } from "@revka/core";
import { describe, expect, it } from "vitest";
import { qqSchema, withDefaults, type QqConfig } from "./config.ts";
import { qqDefinition } from "./definition.ts";

const [section] = qqDefinition.sections;
const place = { path: "channels_config.qq", fields: section?.fields ?? [] };
const parse = (input: unknown): QqConfig => parseSection(qqSchema, input, place);
const problemsOf = (input: unknown): readonly string[] => {
  try {
    parse(input);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map(({ path, found }) => `${path}: ${found}`) : ["another error"];
  }
};
const SAMPLE = { app_id: "qq-app-id", app_secret: "qq-app-secret", allowed_users: ["*"], proxy_url: "" };

describe("qqSchema", () => {
  it("reads the specification's sample, where an empty proxy is none (QQ-06, QQ-10)", () => {
    expect(parse(SAMPLE)).toEqual({ appId: "qq-app-id", appSecret: "qq-app-secret", allowedUsers: ["*"] });
  });

  it("admits nobody by default (QQ-09)", () => {
    expect(parse({ app_id: "a", app_secret: "b" }).allowedUsers).toEqual([]);
  });

  it("names what is missing (QQ-07, QQ-08)", () => {
    expect(problemsOf({})).toEqual(["channels_config.qq.app_id: nothing", "channels_config.qq.app_secret: nothing"]);
  });

  it.each([[102_000_001], [102_000_001n]])("takes an App ID without quotes: %s (QQ-07)", (app_id) => {
    expect(parse({ ...SAMPLE, app_id }).appId).toBe("102000001");
    expect(problemsOf({ ...SAMPLE, app_id: 1.5 })).toHaveLength(1);
  });

  it("never shows a secret (QQ-08, QQ-D03)", () => {
    expect(problemsOf({ ...SAMPLE, app_secret: 7_654_321 })).toEqual(["channels_config.qq.app_secret: a number (not shown)"]);
  });

  it("reads a proxy, a notification target and the hosts (QQ-10, QQ-D02, QQ-D15)", () => {
    const config = parse({
      ...SAMPLE, proxy_url: "socks5h://p.example:1080", notification_target: "group:G1", base_url: "http://127.0.0.1:3000/qq/", token_url: "https://t.example",
    });
    expect(config).toMatchObject({ proxyUrl: new URL("socks5://p.example:1080"), notificationTarget: "group:G1", baseUrl: "http://127.0.0.1:3000/qq", tokenUrl: "https://t.example" });
    for (const url of ["http://example.com", "ftp://127.0.0.1", "wss://example.com"]) expect(problemsOf({ ...SAMPLE, base_url: url, token_url: url })).toHaveLength(2);
  });
});

describe("withDefaults", () => {
  it.each([
    ["the hosts that all clients use", {}, "https://api.sgroup.qq.com", "https://bots.qq.com"],
    ["one host for both", { baseUrl: "http://127.0.0.1:3000/qq/" }, "http://127.0.0.1:3000/qq", "http://127.0.0.1:3000/qq"],
    ["the platform's own sandbox, which gives no tokens", { baseUrl: "https://sandbox.api.sgroup.qq.com" }, "https://sandbox.api.sgroup.qq.com", "https://bots.qq.com"],
    ["the new host, which does", { baseUrl: "https://api.bot.qq.com" }, "https://api.bot.qq.com", "https://api.bot.qq.com"],
    ["two hosts", { baseUrl: "https://a.example", tokenUrl: "https://b.example/x/" }, "https://a.example", "https://b.example/x"],
    ["a token host alone", { tokenUrl: "https://b.example" }, "https://api.sgroup.qq.com", "https://b.example"],
    ["the whole address of the token call", { tokenUrl: "https://b.example/app/getAppAccessToken" }, "https://api.sgroup.qq.com", "https://b.example"],
  ])("knows %s (QQ-D15)", (_title, given, baseUrl, tokenUrl) => {
    expect(withDefaults({ appId: " a ", appSecret: "b\n", ...given })).toEqual({ appId: "a", appSecret: "b", allowedUsers: [], baseUrl, tokenUrl });
  });

  it("refuses what it cannot work with (QQ-07, QQ-08)", () => {
    expect(() => withDefaults({ appId: " ", appSecret: "b" })).toThrow("appId must be a non-empty string");
    expect(() => withDefaults({ appId: "a", appSecret: "" })).toThrow("appSecret must be a non-empty string");
    expect(() => withDefaults({ appId: "a", appSecret: "b", tokenUrl: "http://example.com" })).toThrow("tokenUrl must be an absolute https URL");
  });
});

describe("qqDefinition", () => {
  it("tells the region and the one receive mode, and asks for none (QQ-04, QQ-D01)", () => {
    expect(section).toMatchObject({ name: "qq", displayName: "QQ Official", description: "Tencent QQ Bot", region: "China", receiveMode: "Bot gateway WebSocket" });
    expect(section?.fields.map(({ key }) => key)).toEqual(["app_id", "app_secret", "allowed_users", "proxy_url", "notification_target", "base_url", "token_url"]);
    expect(section?.fields.filter(({ isSecret }) => isSecret).map(({ key }) => key)).toEqual(["app_secret"]);
  });

  it("advises to begin with everybody and then to tighten (QQ-14)", () => {
    expect(section?.fields.find(({ key }) => key === "allowed_users")?.description).toContain('Begin with ["*"], confirm delivery, then tighten');
  });

  it("creates the channel of its section, or none", async () => {
    const { channels } = await qqDefinition.create({ qq: parse(SAMPLE) }, (instance) => createContext(instance));
    expect(channels.map(({ name }) => name)).toEqual(["qq"]);
    expect(await qqDefinition.create({}, (instance) => createContext(instance))).toEqual({ channels: [], warnings: [] });
  });
});
