import { describe, expect, it } from "vitest";
import { withDefaults, type LarkConfig } from "./config.ts";

const CONFIG: LarkConfig = { appId: "cli_1", appSecret: "secret" };
const WEBHOOK: LarkConfig = { ...CONFIG, receiveMode: "webhook", port: 8081 };

describe("withDefaults", () => {
  it("fills in what is absent, by region (LARK-02, LARK-03, LARK-04, LARK-17, LARK-20)", () => {
    const common = { allowedUsers: [], mentionOnly: false, receiveMode: "websocket", host: "127.0.0.1" };
    expect(withDefaults(CONFIG)).toEqual({ ...CONFIG, ...common, region: "lark", baseUrl: "https://open.larksuite.com", path: "/lark" });
    expect(withDefaults({ ...CONFIG, region: "feishu" })).toEqual({ ...CONFIG, ...common, region: "feishu", baseUrl: "https://open.feishu.cn", path: "/feishu" });
  });

  it("keeps the prefix of a base URL and drops its last slash (LARK-85)", () => {
    expect(withDefaults({ ...CONFIG, baseUrl: "http://127.0.0.1:9000/lark/" }).baseUrl).toBe("http://127.0.0.1:9000/lark");
  });

  it("takes blanks off, and blank secrets for none (LARK-14, LARK-15)", () => {
    const settings = withDefaults({ ...CONFIG, appId: " cli_1 ", appSecret: "secret\n", encryptKey: "", verificationToken: " " });
    expect(settings).toMatchObject({ appId: "cli_1", appSecret: "secret" });
    expect(settings).not.toHaveProperty("encryptKey");
    expect(settings).not.toHaveProperty("verificationToken");
  });

  it.each<[string, LarkConfig, string]>([
    ["a blank id", { ...CONFIG, appId: " " }, "appId must be a non-empty string"],
    ["a blank secret", { ...CONFIG, appSecret: "" }, "appSecret must be a non-empty string"],
    ["plain http to elsewhere", { ...CONFIG, baseUrl: "http://example.com" }, "baseUrl must be"],
    ["a path without a slash", { ...WEBHOOK, path: "lark" }, "path must begin with a slash"],
    ["a webhook without a port", { ...CONFIG, receiveMode: "webhook" }, "Lark webhook mode requires port to be set in [channels_config.lark]"],
    ["the same of Feishu", { ...CONFIG, region: "feishu", receiveMode: "webhook" }, "Lark webhook mode requires port to be set in [channels_config.feishu]"],
    ["a webhook that anybody can reach and forge (W-1)", { ...WEBHOOK, host: "0.0.0.0" }, "host must be"],
  ])("refuses %s", (_title, config, message) => {
    expect(() => withDefaults(config)).toThrow(message);
    expect(() => withDefaults(config)).toThrow(TypeError);
  });

  it.each<[string, Partial<LarkConfig>]>([
    ["its own address", { host: "127.0.0.2" }],
    ["its own address of version 6", { host: "::1" }],
    ["its own name", { host: "localhost" }],
    ["every address with a token", { host: "0.0.0.0", verificationToken: "token" }],
    ["every address with a key", { host: "::", encryptKey: "key" }],
  ])("lets a webhook listen on %s (W-1)", (_title, keys) => {
    expect(withDefaults({ ...WEBHOOK, ...keys })).toMatchObject(keys);
  });
});
