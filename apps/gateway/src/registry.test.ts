import { mochatDefinition } from "@revka/channel-mochat/definition";
import { describe, expect, it } from "vitest";
import { importing, loadText, mochatSection } from "./config/config-folder.test-support.ts";
import { createRegistry, KNOWN_CHANNELS, type Registry } from "./registry.ts";

const programPath = "/opt/revka/dist/cli.js";
const registryOf = (modules = {}, plugins: readonly string[] = []): Promise<Registry> =>
  createRegistry({ importModule: importing(modules), plugins, programPath });

describe("KNOWN_CHANNELS", () => {
  it.each([
    ["Lark (GW-12)", "lark", "International", "WebSocket (default) or webhook", "Webhook mode only", "channel-lark"],
    ["Feishu (GW-12)", "feishu", "China", "WebSocket (default) or webhook", "Webhook mode only", "channel-lark"],
    ["DingTalk (GW-13)", "dingtalk", "China", "Stream Mode WebSocket", "No", undefined],
    ["WeCom (GW-14)", "wecom", "China", "Outbound only (Bot Webhook)", "No", undefined],
    ["QQ Official Bot (GW-15)", "qq", "China", "Bot gateway WebSocket", "No", undefined],
    ["Mochat (GW-16)", "mochat", "Self-hosted", "HTTP polling", "No", undefined],
  ])("has the specification's facts of %s", (title, section, region, receiveMode, inboundPort, feature) => {
    const channel = KNOWN_CHANNELS.find((known) => known.section === section);
    expect(channel).toMatchObject({ displayName: title.replace(/ \(.*/, ""), region, receiveMode, inboundPort });
    expect(channel?.feature).toBe(feature);
  });

  it("says of the packages that are here what they say themselves", async () => {
    const { available } = await registryOf();
    for (const [name, { section }] of available) {
      const known = KNOWN_CHANNELS.find((channel) => channel.section === name);
      expect(known).toMatchObject({ displayName: section.displayName, region: section.region, receiveMode: section.receiveMode });
    }
    expect([...available.keys()]).toEqual(["wecom", "mochat"]);
  });
});

describe("createRegistry", () => {
  it.each(["lark", "feishu"])("says that [channels_config.%s] is disabled, where this program is and how to mend it (GW-42)", async (section) => {
    const { absent } = await registryOf();
    expect(absent.get(section)).toMatchObject({ reason: "disabled" });
    expect(absent.get(section)?.message).toBe(
      `Lark/Feishu channel support is disabled in this build (enable channel-lark); not starting [channels_config.${section}]. ` +
        `Running program: ${programPath}. To fix it: npm install @revka/channel-lark (with --global where revka is installed globally), then restart revka.`,
    );
  });

  it("says of an ordinary package that it is not installed", async () => {
    const { absent } = await registryOf();
    expect(absent.get("qq")).toMatchObject({ reason: "not-installed" });
    expect(absent.get("qq")?.message).toMatch(/^The package @revka\/channel-qq for QQ Official Bot is not installed; not starting \[channels_config\.qq\]\. /);
  });

  it("tells a broken package from a missing one, with its cause (GW-44)", async () => {
    const cause = Object.assign(new Error("Cannot find package 'protobufjs' imported from /x/channel-lark/index.js"), { code: "ERR_MODULE_NOT_FOUND" });
    const { absent } = await registryOf({ "@revka/channel-lark/definition": cause });
    expect(absent.get("feishu")).toMatchObject({ reason: "broken", error: cause });
    expect(absent.get("feishu")?.message).toBe(
      `@revka/channel-lark is installed but does not load; not starting [channels_config.feishu]: ${cause.message}`,
    );
  });

  it("adds the sections of plugins", async () => {
    const definition = { ...mochatDefinition, sections: mochatDefinition.sections.map((section) => ({ ...section, name: "acme" })) };
    const { available, unusablePlugins } = await registryOf({ "acme-channel/definition": { definition } }, ["acme-channel"]);
    expect([...available.keys()]).toEqual(["wecom", "mochat", "acme"]);
    expect(unusablePlugins).toEqual([]);
  });

  it("refuses a plugin that is missing, broken or wants a section of another", async () => {
    const modules = { "greedy/definition": { mochatDefinition }, "broken/definition": new TypeError("no good") };
    const { available, unusablePlugins } = await registryOf(modules, ["gone", "broken", "greedy"]);
    expect(available.get("mochat")?.definition).toBe(mochatDefinition);
    expect(unusablePlugins).toEqual([
      { packageName: "gone", reason: "it is not installed" },
      { packageName: "broken", reason: "it does not load: no good" },
      { packageName: "greedy", reason: 'its section "mochat" belongs to another package' },
    ]);
  });
});

describe("plugins in the configuration", () => {
  it("are named as a problem when they cannot be used, and keep no other channel from starting", async () => {
    const config = await loadText(`plugins = ["gone"]\n${mochatSection()}`);
    expect(config.problems).toMatchObject([{ line: 1, section: "", key: "plugins", found: '"gone": it is not installed' }]);
    expect(config.isBlocked).toBe(false);
    expect(config.sections.has("mochat")).toBe(true);
  });

  it("must be a list", async () => {
    expect((await loadText("plugins = 5\n")).problems).toMatchObject([{ key: "plugins", allowed: "a list of strings" }]);
  });
});
