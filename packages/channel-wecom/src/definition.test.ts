import { createContext } from "@revka/core";
import { recordingLogger } from "@revka/core/testing";
import { safeParse } from "valibot";
import { describe, expect, it } from "vitest";
import { wecomSchema } from "./config.ts";
import { wecomDefinition } from "./definition.ts";

const [section] = wecomDefinition.sections;
const KEY = "0f1e2d3c-0000-4000-8000-5b4a39281706";

/** The keys that the schema looks at. */
function keysRead(): string[] {
  const keys = new Set<string | symbol>();
  const section = new Proxy({}, { get: (_section, key) => void keys.add(key), has: (_section, key) => keys.add(key).has(key) });
  safeParse(wecomSchema, section);
  return [...keys].filter((key) => typeof key === "string");
}

describe("wecomDefinition", () => {
  it("describes the channel in the specified words (WECOM-01, WECOM-02, WECOM-20)", () => {
    expect(wecomDefinition.sections).toHaveLength(1);
    expect(section).toMatchObject({
      name: "wecom",
      displayName: "WeCom",
      description: "WeCom Bot Webhook",
      region: "China",
      receiveMode: "Outbound only (Bot Webhook)",
    });
  });

  it("documents exactly the keys that the schema reads, no receive_mode among them (WECOM-05)", () => {
    const documented = section?.fields.map(({ key }) => key);
    expect(documented).toEqual(["webhook_key", "allowed_users", "base_url", "proxy_url"]);
    expect(keysRead().sort()).toEqual(documented?.sort());
  });

  it("asks for the key alone, as a secret (WECOM-08, WECOM-28)", () => {
    expect(section?.fields.filter(({ isRequired }) => isRequired)).toMatchObject([{ key: "webhook_key", isSecret: true }]);
  });

  it("documents the defaults that hold (WECOM-09, WECOM-38)", () => {
    const config = safeParse(wecomSchema, { webhook_key: KEY }).output as Record<string, unknown>;
    const defaults = Object.fromEntries(section?.fields.map((field) => [field.key, field.default]) ?? []);
    expect(defaults).toMatchObject({ allowed_users: config["allowedUsers"], base_url: config["baseUrl"] });
  });

  it("creates one channel under the section's name", async () => {
    const { channels, warnings } = await wecomDefinition.create({ wecom: { webhookKey: KEY } }, createContext);
    expect(channels.map(({ name, displayName }) => [name, displayName])).toEqual([["wecom", "WeCom"]]);
    expect(warnings).toEqual([]);
  });

  it("creates nothing without its section", async () => {
    expect(await wecomDefinition.create({ mochat: {} }, createContext)).toEqual({ channels: [], warnings: [] });
  });

  it("says at info that it took the key out of a URL, and never the key (WECOM-37)", async () => {
    const logger = recordingLogger();
    const secrets: string[] = [];
    const config = { webhookKey: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}` };
    await wecomDefinition.create({ wecom: config }, (name) => createContext(name, { logger, addSecret: (value) => void secrets.push(value) }));
    expect(logger.entries).toMatchObject([{ level: "info", message: "WeCom: took the key out of the URL in webhook_key" }]);
    expect(logger.text()).not.toContain(KEY);
    expect(secrets).toEqual([KEY]);
  });
});
