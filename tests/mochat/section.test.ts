import { mochatDefinition } from "@revka/channel-mochat";
import { createContext, parseSection, type Channel } from "@revka/core";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startConnectProxy } from "../support/connect-proxy.ts";
import { openMochat } from "../support/mochat-house.ts";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";

const [section] = mochatDefinition.sections;

/** The channel of a section as it stands in the file. */
async function channelOf(values: unknown): Promise<Channel> {
  if (section === undefined) throw new TypeError("no section");
  const config = parseSection(section.schema, values, { path: "channels_config.mochat", fields: section.fields });
  const { channels } = await mochatDefinition.create({ mochat: config }, createContext);
  const [channel] = channels;
  if (channel === undefined) throw new TypeError("no channel");
  return channel;
}

describe("the section [channels_config.mochat]", () => {
  it("takes the sandbox's settings as they are (MOCHAT-09, MOCHAT-11)", async () => {
    const { sandbox } = await openMochat();
    const { section: name, values } = sandbox.settingsFor("mochat");
    expect(name).toBe(section?.name);
    expect(await (await channelOf(values)).checkHealth()).toMatchObject({ ok: true });
  });

  it.each([0, -1, NaN, "5", 0.5])("refuses %j as poll_interval_secs, and makes no channel that could poll in a loop (MOCHAT-65)", async (poll_interval_secs) => {
    const { sandbox } = await openMochat();
    const { values } = sandbox.settingsFor("mochat");
    await expect(channelOf({ ...values, poll_interval_secs })).rejects.toMatchObject({ problems: [{ path: "channels_config.mochat.poll_interval_secs" }] });
    expect(sandbox.record.entries).toEqual([]);
  });

  it.each(["h/base", "ftp://h", "https://h?x=1", "https://user:secret@h"])("refuses %s as api_url (MOCHAT-66)", async (api_url) => {
    await expect(channelOf({ api_url, api_token: "t" })).rejects.toMatchObject({ problems: [{ path: "channels_config.mochat.api_url" }] });
  });

  it("leads through its own proxy, which resolves the name (MOCHAT-44)", async () => {
    const { mochat } = await openMochat();
    const proxy = await startConnectProxy();
    const api_url = mochat.url.replace("127.0.0.1", "bridge.example.test");
    const channel = await channelOf({ api_url, api_token: mochat.token, proxy_url: proxy.url });
    await channel.send({ target: { conversationId: "u-1" }, text: "hello" });
    expect(proxy.targets).toEqual([new URL(api_url).host]);
    expect(mochat.sent).toMatchObject([{ text: "hello" }]);
  });

  it("leads through the gateway's proxy where its services name channel.mochat (MOCHAT-44)", async () => {
    const { mochat } = await openMochat();
    const proxy = await startConnectProxy();
    const config = join(await tempFolder(), "config.toml");
    const api_url = mochat.url.replace("127.0.0.1", "bridge.example.test");
    await writeFile(config, `
      [proxy]
      enabled = true
      all_proxy = "${proxy.url}"
      scope = "services"
      services = ["channel.mochat"]
      [channels_config.mochat]
      api_url = "${api_url}"
      api_token = "${mochat.token}"
    `, { mode: 0o600 });
    const sent = await revka(["channel", "send", "hello", "--channel-id", "mochat", "--recipient", "u-1", "--config", config]);
    expect(sent).toMatchObject({ exitCode: 0 });
    expect(proxy.targets).toEqual([new URL(api_url).host]);
    expect(mochat.sent).toMatchObject([{ userId: "u-1", text: "hello" }]);
  }, 60_000);

  it("belongs to a plain dependency of the gateway, which every build has (MOCHAT-05)", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../apps/gateway/package.json", import.meta.url), "utf8"));
    expect(manifest).toHaveProperty(["dependencies", "@revka/channel-mochat"]);
    expect(manifest).not.toHaveProperty(["optionalDependencies", "@revka/channel-mochat"]);
  });
});
