import { parseSection } from "@revka/core";
import { describe, expect, it } from "vitest";
import { wecomSchema, type WecomConfig } from "./config.ts";
import { wecomDefinition } from "./definition.ts";

const KEY = "0f1e2d3c-0000-4000-8000-5b4a39281706";
const fields = wecomDefinition.sections[0]?.fields ?? [];

function parse(section: unknown): WecomConfig {
  return parseSection(wecomSchema, section, { path: "channels_config.wecom", fields });
}

function problemsOf(section: unknown): unknown {
  try {
    return parse(section);
  } catch (error) {
    return (error as { problems?: unknown }).problems;
  }
}

describe("wecomSchema", () => {
  it("reads the specified sample (WECOM-08, WECOM-09)", () => {
    expect(parse({ webhook_key: "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", allowed_users: ["*"] })).toEqual({
      webhookKey: "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
      allowedUsers: ["*"],
      baseUrl: "https://qyapi.weixin.qq.com",
    });
  });

  it("allows nobody and uses the platform's host by default (WECOM-09, WECOM-38)", () => {
    expect(parse({ webhook_key: KEY })).toEqual({ webhookKey: KEY, allowedUsers: [], baseUrl: "https://qyapi.weixin.qq.com" });
  });

  it("takes our optional keys (WECOM-27, WECOM-38)", () => {
    const config = parse({ webhook_key: KEY, base_url: "http://127.0.0.1:4000/wecom/", proxy_url: "socks5://proxy.example:1080" });
    expect(config).toMatchObject({ baseUrl: "http://127.0.0.1:4000/wecom", proxyUrl: new URL("socks5://proxy.example:1080") });
  });

  it("takes the whole webhook URL as the key (WECOM-37)", () => {
    const webhook_key = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}`;
    expect(parse({ webhook_key }).webhookKey).toBe(webhook_key);
  });

  it.each([
    ["absent", {}, "nothing"],
    ["blank", { webhook_key: "  " }, "a string (not shown)"],
    ["no string", { webhook_key: 7 }, "a number (not shown)"],
  ])("asks for a webhook_key that is %s (WECOM-08)", (_title, section, found) => {
    expect(problemsOf(section)).toEqual([{ path: "channels_config.wecom.webhook_key", found, allowed: "a non-empty string" }]);
  });

  it("refuses a URL without a key, and does not repeat it (WECOM-28)", () => {
    expect(problemsOf({ webhook_key: "https://user:hidden@example.com/send?token=hidden" })).toEqual([
      {
        path: "channels_config.wecom.webhook_key",
        found: "a string (not shown)",
        allowed: "the key of the group bot's webhook URL, or that whole URL",
      },
    ]);
  });

  it("tells every problem at once", () => {
    expect(problemsOf({ allowed_users: "li.si", base_url: "http://example.com", proxy_url: "ftp://proxy.example" })).toMatchObject([
      { path: "channels_config.wecom.webhook_key" },
      { path: "channels_config.wecom.allowed_users" },
      { path: "channels_config.wecom.base_url" },
      { path: "channels_config.wecom.proxy_url" },
    ]);
  });
});
