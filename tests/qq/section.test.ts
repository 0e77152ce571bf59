import { qqDefinition } from "@revka/channel-qq";
import { createContext, parseSection } from "@revka/core";
import { recordingAccept } from "@revka/core/testing";
import { startSandbox } from "@revka/sandbox";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";

const [section] = qqDefinition.sections;
const SAMPLE = { app_id: "qq-app-id", app_secret: "qq-app-secret", allowed_users: ["*"], proxy_url: "" } as const;

function read(values: unknown): unknown {
  if (section === undefined) throw new TypeError("no section");
  return parseSection(section.schema, values, { path: "channels_config.qq", fields: section.fields });
}

describe("the section [channels_config.qq]", () => {
  it("says where and how it receives, and has no key for it (QQ-01, QQ-04)", () => {
    expect(section).toMatchObject({ name: "qq", region: "China", receiveMode: "Bot gateway WebSocket" });
    expect(section?.fields.map(({ key }) => key)).not.toContain("receive_mode");
  });

  it("has the names that people know (QQ-D01)", () => {
    expect(section).toMatchObject({ name: "qq", displayName: "QQ Official", description: "Tencent QQ Bot" });
  });

  it("takes the specification's sample, in which an empty proxy_url is none (QQ-06, QQ-10)", async () => {
    const config = read(SAMPLE);
    expect(config).toMatchObject({ appId: "qq-app-id", appSecret: "qq-app-secret", allowedUsers: ["*"] });
    expect(config).not.toHaveProperty("proxyUrl");
    const { channels, warnings } = await qqDefinition.create({ qq: config }, createContext);
    expect(channels.map(({ name, displayName }) => [name, displayName])).toEqual([["qq", "QQ"]]);
    expect(warnings).toEqual([]);
  });

  it("denies everybody unless told otherwise (QQ-09)", () => {
    const { allowed_users: _allowed, ...values } = SAMPLE;
    expect(read(values)).toMatchObject({ allowedUsers: [] });
  });

  it.each(["app_id", "app_secret"])("needs %s, and never shows a secret (QQ-07, QQ-08, QQ-D03)", (key) => {
    for (const value of [undefined, "", false]) {
      const problem = catchError(() => read({ ...SAMPLE, [key]: value }));
      expect(problem).toMatchObject({ code: "config", problems: [{ path: `channels_config.qq.${key}` }] });
      expect(String(problem)).not.toContain("qq-app-secret");
    }
    expect(section?.fields.find((field) => field.key === "app_secret")).toMatchObject({ isSecret: true });
  });

  it("asks for what the developer console gave to the bot, and for nothing to make one by (QQ-29)", () => {
    const required = section?.fields.filter(({ isRequired }) => isRequired === true);
    expect(required?.map(({ key }) => key)).toEqual(["app_id", "app_secret"]);
    for (const { description } of required ?? []) expect(description).toContain("developer console");
  });

  it("may name a place for notifications, and hosts of its own (QQ-D02, QQ-D15)", () => {
    const values = { notification_target: "group:G1", base_url: "https://qq.example/api", token_url: "http://127.0.0.1:1/token" };
    expect(read({ ...SAMPLE, ...values })).toMatchObject({ notificationTarget: "group:G1", baseUrl: expect.anything() as unknown, tokenUrl: expect.anything() as unknown });
  });

  it.each(["base_url", "token_url"])("takes a %s without TLS on loopback alone (QQ-D15)", (key) => {
    for (const url of ["http://127.0.0.1:1/qq", "http://localhost:1/qq", "http://[::1]:1/qq", "https://qq.example"]) {
      expect(() => read({ ...SAMPLE, [key]: url })).not.toThrow();
    }
    for (const url of ["http://qq.example", "http://10.0.0.1", "ftp://127.0.0.1", "qq.example"]) {
      expect(catchError(() => read({ ...SAMPLE, [key]: url }))).toMatchObject({ code: "config", problems: [{ path: `channels_config.qq.${key}` }] });
    }
  });

  it.each(["gopher://proxy.example", "not a url"])("refuses a proxy_url that is none: %s (QQ-10)", (proxyUrl) => {
    expect(catchError(() => read({ ...SAMPLE, proxy_url: proxyUrl }))).toMatchObject({ code: "config", problems: [{ path: "channels_config.qq.proxy_url" }] });
  });

  it("takes the sandbox's settings as they are, and holds a conversation there (QQ-05, QQ-15, QQ-16)", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { values, section: name } = sandbox.settingsFor("qq");
    const { channels: [channel] } = await qqDefinition.create({ [name]: read({ ...values, allowed_users: ["*"] }) }, createContext);
    const { accept, next } = recordingAccept();
    const abort = new AbortController();
    const listening = channel?.listen(accept, abort.signal);
    await sandbox.qq.nextLogin();
    sandbox.qq.say("user-1", "hello");
    await next();
    await channel?.send({ target: { conversationId: "user:user-1" }, text: "and hello to you" });
    expect(sandbox.qq.sent).toMatchObject([{ user: "user-1", text: "and hello to you" }]);
    abort.abort();
    await listening;
  });

  it("belongs to a plain dependency of the gateway, which every build has (QQ-02)", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../apps/gateway/package.json", import.meta.url), "utf8"));
    expect(manifest).toHaveProperty(["dependencies", "@revka/channel-qq"]);
    expect(manifest).not.toHaveProperty(["optionalDependencies", "@revka/channel-qq"]);
  });
});

function catchError(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return expect.unreachable("nothing was thrown");
}
