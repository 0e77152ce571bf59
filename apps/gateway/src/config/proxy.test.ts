import { maskProxy } from "@revka/core";
import { describe, expect, it } from "vitest";
import { loadText, mochatSection } from "./config-folder.test-support.ts";
import type { Environment } from "./environment.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { createProxyFor } from "./proxy-policy.ts";

const WECOM_WITH_OWN = '[channels_config.wecom]\nwebhook_key = "a-webhook-key"\nproxy_url = "socks5h://127.0.0.1:1080"\n';

async function wayOf(table: string, environment: Environment = {}, url = "https://open.example"): Promise<string> {
  const { settings, problems } = await loadText(table, { environment });
  expect(problems).toEqual([]);
  return maskProxy(createProxyFor(settings.proxy)("mochat", new URL(url)));
}

describe("the [proxy] table and the environment's proxies", () => {
  it.each([
    ["no table at all", "", "direct"],
    ["a table that is off", '[proxy]\nhttps_proxy = "http://p:1"\n', "direct"],
    ["the https proxy", '[proxy]\nenabled = true\nhttps_proxy = "http://p:1"\nall_proxy = "socks5://s:2"\n', "http://p:1"],
    ["the proxy for everything", '[proxy]\nenabled = true\nhttp_proxy = "http://p:1"\nall_proxy = "socks://s:2"\n', "socks5://s:2"],
    ["an exception", '[proxy]\nenabled = true\nall_proxy = "http://p:1"\nno_proxy = ["a, open.example"]\n', "direct"],
    ["a service that is served", '[proxy]\nenabled = true\nall_proxy = "http://p:1"\nscope = "services"\nservices = ["channel.mochat"]\n', "http://p:1"],
    ["all channels", '[proxy]\nenabled = true\nall_proxy = "http://p:1"\nscope = "service"\nservices = ["channel.*"]\n', "http://p:1"],
    ["a service that is not", '[proxy]\nenabled = true\nall_proxy = "http://p:1"\nscope = "services"\nservices = ["channel.qq"]\n', "direct"],
    ["the scope's other names", '[proxy]\nenabled = true\nall_proxy = "http://p:1"\nscope = "internal"\n', "http://p:1"],
  ])("goes by the file: %s", async (_title, table, expected) => {
    expect(await wayOf(table)).toBe(expected);
  });

  it.each([
    ["our variable before the general one", "", { REVKA_HTTPS_PROXY: "http://ours:1", HTTPS_PROXY: "http://general:1" }, "http://ours:1"],
    ["upper case before lower case", "", { HTTPS_PROXY: "http://upper:1", https_proxy: "http://lower:1" }, "http://upper:1"],
    ["lower case as well", "", { https_proxy: "http://lower:1" }, "http://lower:1"],
    ["what is for everything", "", { ALL_PROXY: "socks5://all:1" }, "socks5://all:1"],
    ["exceptions", "", { ALL_PROXY: "http://p:1", NO_PROXY: "x.example,.example" }, "direct"],
    ["our variable before the file", '[proxy]\nenabled = true\nhttps_proxy = "http://file:1"\n', { REVKA_HTTPS_PROXY: "http://ours:1" }, "http://ours:1"],
    ["the file before the general one", '[proxy]\nenabled = true\nhttps_proxy = "http://file:1"\n', { HTTPS_PROXY: "http://general:1" }, "http://file:1"],
    ["nothing where the file says no", "[proxy]\nenabled = false\n", { REVKA_HTTPS_PROXY: "http://ours:1", ALL_PROXY: "http://p:1" }, "direct"],
  ])("takes from the environment: %s", async (_title, table, environment, expected) => {
    expect(await wayOf(table, environment)).toBe(expected);
  });

  it("never proxies loopback", async () => {
    expect(await wayOf("", { ALL_PROXY: "http://p:1" }, "http://127.0.0.1:9/x")).toBe("direct");
  });

  it("knows the credentials in proxy URLs as secrets", async () => {
    const { secrets } = await loadText(`[proxy]\nall_proxy = "http://user-name:p%40ssword@p:1"\n${WECOM_WITH_OWN.replace("//", "//someone:wonderful@")}`);
    expect(secrets).toEqual(expect.arrayContaining(["user-name", "p%40ssword", "p@ssword", "someone", "wonderful"]));
  });
});

describe("the proxy of transcription", () => {
  it.each([
    ["transcription.groq", true],
    ["transcription.*", true],
    ["channel.*", false],
  ])("is one of the services: %s", async (service, isProxied) => {
    const { settings } = await loadText(`[proxy]\nenabled = true\nall_proxy = "http://p:1"\nscope = "services"\nservices = ["${service}"]\n`);
    expect(createProxyFor(settings.proxy)("transcription.groq", new URL("https://api.groq.com")) !== "direct").toBe(isProxied);
  });

  it("keeps voice where it is while it is wrong", async () => {
    const { sections, warnings } = await loadText(`[proxy]\nenabled = true\n[transcription]\napi_key = "gsk_123456"\n${WECOM_WITH_OWN}`);
    expect(sections.get("wecom")?.settings).toEqual({});
    expect(warnings).toEqual(["The proxy settings are not valid; nothing is transcribed for [channels_config.wecom]"]);
  });
});

describe("a proxy that is wrong", () => {
  const started = ({ sections }: LoadedConfig): string[] => [...sections.keys()];

  it("keeps the one channel down that names it", async () => {
    const config = await loadText(`${mochatSection('proxy_url = "ftp://user:secret-pass@p"')}\n${WECOM_WITH_OWN}`);
    expect(config.problems).toMatchObject([{ section: "channels_config.mochat", key: "proxy_url" }]);
    expect(JSON.stringify(config.problems)).not.toContain("secret-pass");
    expect(started(config)).toEqual(["wecom"]);
  });

  it.each([
    ["a scheme that is none", '[proxy]\nenabled = true\nhttp_proxy = "ftp://p"\n', {}],
    ["no URL at all", "[proxy]\nenabled = true\n", {}],
    ["no services", '[proxy]\nenabled = true\nall_proxy = "http://p"\nscope = "services"\n', {}],
    ["a variable that is no URL", "", { HTTPS_PROXY: "::nonsense::" }],
  ])("keeps every channel down that would go through it: %s", async (_title, table, environment) => {
    const config = await loadText(`${table}${mochatSection()}\n${WECOM_WITH_OWN}`, { environment });
    expect(config.problems).toMatchObject([{ section: "proxy" }]);
    expect(config.isBlocked).toBe(false);
    expect(started(config)).toEqual(["wecom"]);
    expect(config.skipped).toContainEqual({
      section: "mochat",
      displayName: "Mochat",
      reason: "proxy",
      message: "The proxy settings are not valid and [channels_config.mochat] has no proxy_url of its own; not starting [channels_config.mochat]",
    });
  });
});
