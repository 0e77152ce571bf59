import { mochatDefinition } from "@revka/channel-mochat";
import { createContext, parseSection, type Channel } from "@revka/core";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openMochat } from "../support/mochat-house.ts";

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

  it("belongs to a plain dependency of the gateway, which every build has (MOCHAT-05)", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../apps/gateway/package.json", import.meta.url), "utf8"));
    expect(manifest).toHaveProperty(["dependencies", "@revka/channel-mochat"]);
    expect(manifest).not.toHaveProperty(["optionalDependencies", "@revka/channel-mochat"]);
  });
});
