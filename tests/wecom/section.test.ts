import { wecomDefinition } from "@revka/channel-wecom";
import { createContext, isAllowed, parseSection } from "@revka/core";
import { startSandbox } from "@revka/sandbox";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";

const [section] = wecomDefinition.sections;

function read(values: unknown): unknown {
  if (section === undefined) throw new TypeError("no section");
  return parseSection(section.schema, values, { path: "channels_config.wecom", fields: section.fields });
}

describe("the section [channels_config.wecom]", () => {
  it("takes the sandbox's settings as they are, and posts into its chat (WECOM-08, WECOM-38)", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { values, section: name } = sandbox.settingsFor("wecom");
    const { channels, warnings } = await wecomDefinition.create({ [name]: read(values) }, createContext);
    await channels[0]?.send({ target: { conversationId: "" }, text: "hello" });
    expect(sandbox.wecom.sent()).toMatchObject([{ text: "hello" }]);
    expect(warnings).toEqual([]);
  });

  it.each<[readonly string[], boolean, boolean]>([
    [[], false, false],
    [["*"], true, true],
    [["li.si"], true, false],
    [["zhang.san", "li.si"], true, false],
    [["LI.SI"], false, false],
  ])("keeps allowed_users = %j for inbound as the common rule reads it (WECOM-09, WECOM-19)", (allowed_users, isListed, isStranger) => {
    const config = read({ webhook_key: "k", allowed_users });
    expect(config).toMatchObject({ allowedUsers: allowed_users });
    expect([isAllowed(["li.si"], allowed_users), isAllowed(["wang.wu"], allowed_users)]).toEqual([isListed, isStranger]);
  });

  it("belongs to a plain dependency of the gateway, which every build has (WECOM-04)", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../apps/gateway/package.json", import.meta.url), "utf8"));
    expect(manifest).toHaveProperty(["dependencies", "@revka/channel-wecom"]);
    expect(manifest).not.toHaveProperty(["optionalDependencies", "@revka/channel-wecom"]);
  });
});
