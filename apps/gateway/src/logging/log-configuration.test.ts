import { recordingLogger, type RecordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { loadText, mochatSection, type LoadedText } from "../config/config-folder.test-support.ts";
import { createProxyFor } from "../config/proxy-policy.ts";
import { chooseLogLevel } from "./log-level.ts";
import { logConfiguration } from "./log-configuration.ts";

async function logged(text: string, options: LoadedText = {}): Promise<RecordingLogger> {
  const logger = recordingLogger();
  const config = await loadText(text, options);
  logConfiguration(logger, config, createProxyFor(config.settings.proxy));
  return logger;
}

describe("logConfiguration", () => {
  it("says where the configuration came from", async () => {
    const { entries } = await logged(mochatSection());
    expect(entries[0]).toMatchObject({
      level: "info",
      message: "Config loaded",
      fields: { path: expect.stringMatching(/\.revka\/config\.toml$/) as string, workspace: expect.stringMatching(/\.revka\/workspace$/) as string, source: "default", initialized: true },
    });
  });

  it.each([
    ["everybody", 'allowed_users = ["u1", "*"]', { allowed_users: "*", open_to_everybody: true }],
    ["some", 'allowed_users = ["u1", "u2"]', { allowed_users: 2, open_to_everybody: false }],
    ["nobody", "allowed_users = []", { allowed_users: 0, open_to_everybody: false }],
    ["nobody by default", "", { allowed_users: 0, open_to_everybody: false }],
  ])("has one line for each channel with mode, proxy and allowlist: %s", async (_title, line, fields) => {
    const { entries } = await logged(mochatSection(line, 'proxy_url = "http://ann:secret-pass@proxy.example:1"'));
    const lines = entries.filter(({ message }) => message === "Channel configured");
    expect(lines).toEqual([
      { level: "info", message: "Channel configured", fields: { component: "config", channel: "mochat", mode: "HTTP polling", proxy: "http://***@proxy.example:1", ...fields } },
    ]);
  });

  it("shows the proxy that the host gives, and direct where there is none", async () => {
    const proxies = async (text: string): Promise<unknown[]> =>
      (await logged(text)).entries.filter(({ message }) => message === "Channel configured").map(({ fields }) => fields["proxy"]);
    expect(await proxies(mochatSection())).toEqual(["direct"]);
    expect(await proxies(`[proxy]\nenabled = true\nall_proxy = "http://u:p@p:1"\n${mochatSection()}`)).toEqual(["http://***@p:1"]);
  });

  it.each([
    ["the proxy for http, where its platform is reached by that", "http://bridge.example", "", "http://***@p:1"],
    ["the proxy for everything, where its platform is reached by https", "https://bridge.example", "", "socks5://***@s:2"],
    ["direct, where its platform is an exception", "https://bridge.example", 'no_proxy = [".example"]', "direct"],
    ["direct, where its platform is on this machine", "http://127.0.0.1:9", "", "direct"],
  ])("shows the way that a channel really goes: %s", async (_title, url, line, proxy) => {
    const table = `[proxy]\nenabled = true\nhttp_proxy = "http://u:p@p:1"\nall_proxy = "socks5://u:p@s:2"\n${line}\n`;
    const { entries } = await logged(`${table}${mochatSection(`api_url = "${url}"`)}`);
    expect(entries.find(({ message }) => message === "Channel configured")?.fields).toMatchObject({ channel: "mochat", proxy });
  });

  it("warns of a disabled channel, and logs a broken one as an error with its cause (GW-42)", async () => {
    const lark = '[channels_config.lark]\napp_id = "cli_x"\napp_secret = "xxx"\n';
    const disabled = await logged(lark);
    expect(disabled.entries).toContainEqual({
      level: "warn",
      fields: { component: "config", channel: "lark" },
      message: expect.stringContaining("Lark/Feishu channel support is disabled in this build (enable channel-lark); not starting [channels_config.lark]") as string,
    });
    const error = new TypeError("bad build");
    const broken = await logged(lark, { modules: { "@revka/channel-lark/definition": error } });
    expect(broken.entries).toContainEqual({ level: "error", fields: { component: "config", channel: "lark", error }, message: expect.stringContaining("does not load") as string });
  });

  it("logs problems as errors and the rest as warnings, never with a secret", async () => {
    const logger = await logged(mochatSection("api_token = 12345678901", "pol_interval_secs = 5"));
    expect(logger.entries.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "info Config loaded",
      "error config.toml:3  [channels_config.mochat] api_token: found a number (not shown), allowed is a non-empty string",
      'warn Unknown config key ignored: "channels_config.mochat.pol_interval_secs". Check config.toml for typos or deprecated options. The nearest known key is "poll_interval_secs".',
    ]);
    expect(logger.text()).not.toContain("12345678901");
  });
});

describe("chooseLogLevel", () => {
  it.each([
    ["the option first", "debug", { REVKA_LOG: "warn" }, "debug"],
    ["then the variable", undefined, { REVKA_LOG: "warn" }, "warn"],
    ["then the file", undefined, {}, "info"],
  ])("takes %s", (_title, option, environment, level) => {
    expect(chooseLogLevel(option, environment, "info")).toEqual({ level, warnings: [] });
  });

  it("warns of a variable that is no level", () => {
    expect(chooseLogLevel(undefined, { REVKA_LOG: "loud" }, "info")).toEqual({ level: "info", warnings: ["REVKA_LOG is ignored: it is none of error, warn, info, debug, trace"] });
  });
});
