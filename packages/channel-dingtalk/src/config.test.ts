import { ConfigError, parseSection } from "@revka/core";
import { describe, expect, it } from "vitest";
import { dingtalkSchema, withDefaults, type DingtalkConfig } from "./config.ts";
import { dingtalkDefinition } from "./definition.ts";
import { createContext } from "@revka/core";

const [section] = dingtalkDefinition.sections;
const place = { path: "channels_config.dingtalk", fields: section?.fields ?? [] };
const parse = (input: unknown): DingtalkConfig => parseSection(dingtalkSchema, input, place);
const problemsOf = (input: unknown): readonly string[] => {
  try {
    parse(input);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map(({ path, found }) => `${path}: ${found}`) : ["another error"];
  }
};
const SAMPLE = { client_id: "ding-app-key", client_secret: "ding-app-secret", allowed_users: ["*"], proxy_url: "" };

describe("dingtalkSchema", () => {
  it("reads the specification's sample, where an empty proxy is none (DT-10, DT-11)", () => {
    expect(parse(SAMPLE)).toEqual({
      clientId: "ding-app-key", clientSecret: "ding-app-secret", allowedUsers: ["*"], senderFallbackToGroup: false, proactiveSend: false,
    });
  });

  it("admits nobody by default (DT-09)", () => {
    expect(parse({ client_id: "a", client_secret: "b" }).allowedUsers).toEqual([]);
  });

  it("names what is missing (DT-07, DT-08)", () => {
    expect(problemsOf({})).toEqual(["channels_config.dingtalk.client_id: nothing", "channels_config.dingtalk.client_secret: nothing"]);
  });

  it("never shows a secret (DT-08)", () => {
    expect(problemsOf({ ...SAMPLE, client_secret: 7_654_321 })).toEqual(["channels_config.dingtalk.client_secret: a number (not shown)"]);
  });

  it("reads a proxy, a base URL with its path and the opt-ins (DT-10)", () => {
    const config = parse({ ...SAMPLE, proxy_url: "socks5h://p.example:1080", base_url: "http://127.0.0.1:3000/dingtalk/", proactive_send: true, sender_fallback_to_group: true, robot_code: "r" });
    expect(config).toMatchObject({ proxyUrl: new URL("socks5://p.example:1080"), baseUrl: "http://127.0.0.1:3000/dingtalk", proactiveSend: true, senderFallbackToGroup: true, robotCode: "r" });
    expect(problemsOf({ ...SAMPLE, base_url: "http://example.com" })).toHaveLength(1);
  });
});

describe("withDefaults", () => {
  it("trims credentials, which the platform would refuse without a word about it", () => {
    expect(withDefaults({ clientId: " a ", clientSecret: "b\n" })).toEqual({
      clientId: "a", clientSecret: "b", robotCode: "a", allowedUsers: [], proactiveSend: false, senderFallbackToGroup: false,
    });
  });
});

describe("dingtalkDefinition", () => {
  it("tells the region and the one receive mode, and asks for none (DT-01, DT-02, DT-05)", () => {
    expect(section).toMatchObject({ name: "dingtalk", region: "China", receiveMode: "Stream Mode WebSocket" });
    expect(section?.fields.map(({ key }) => key)).toEqual([
      "client_id", "client_secret", "allowed_users", "proxy_url", "proactive_send", "sender_fallback_to_group", "robot_code", "base_url",
    ]);
    expect(section?.fields.filter(({ isSecret }) => isSecret).map(({ key }) => key)).toEqual(["client_secret"]);
  });

  it("creates the channel of its section, or none", async () => {
    const { channels } = await dingtalkDefinition.create({ dingtalk: parse(SAMPLE) }, (instance) => createContext(instance));
    expect(channels.map(({ name }) => name)).toEqual(["dingtalk"]);
    expect(await dingtalkDefinition.create({}, (instance) => createContext(instance))).toEqual({ channels: [], warnings: [] });
  });
});
