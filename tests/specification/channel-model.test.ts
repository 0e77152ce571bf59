import { dingtalkDefinition } from "@revka/channel-dingtalk";
import { larkDefinition } from "@revka/channel-lark";
import { mochatDefinition } from "@revka/channel-mochat";
import { qqDefinition } from "@revka/channel-qq";
import { wecomDefinition } from "@revka/channel-wecom";
import { createContext, parseSection, type Channel, type ChannelDefinition } from "@revka/core";
import { describe, expect, it } from "vitest";

const SECRET = "a-secret-value";

/** Every section of the specification, as people write it, and how its channel is delivered to. */
const SECTIONS: readonly (readonly [name: string, ChannelDefinition, values: object, mode: Channel["capabilities"]["receive"]])[] = [
  ["lark", larkDefinition, { app_id: "cli_1", app_secret: SECRET }, "socket"],
  ["lark", larkDefinition, { app_id: "cli_1", app_secret: SECRET, receive_mode: "webhook", port: 8081 }, "webhook"],
  ["feishu", larkDefinition, { app_id: "cli_2", app_secret: SECRET }, "socket"],
  ["dingtalk", dingtalkDefinition, { client_id: "ding", client_secret: SECRET }, "socket"],
  ["wecom", wecomDefinition, { webhook_key: SECRET }, "none"],
  ["qq", qqDefinition, { app_id: "1", app_secret: SECRET }, "socket"],
  ["mochat", mochatDefinition, { api_url: "https://m.example", api_token: SECRET }, "poll"],
];

/** What a host calls, without a look at which channel it is. */
const CALLS = ["listen", "send", "split", "checkHealth", "status"] as const;

describe("every channel", () => {
  it.each(SECTIONS)("keeps the one contract, says how it is delivered to, and has the one allowlist: %s (GW-06)", async (name, definition, values, mode) => {
    const section = definition.sections.find((candidate) => candidate.name === name);
    if (section === undefined) throw new TypeError(`no section ${name}`);
    expect(section.fields.find(({ key }) => key === "allowed_users")).toMatchObject({ type: "string-list", default: [] });
    const read = (keys: object): unknown => parseSection(section.schema, { ...values, ...keys }, { path: name, fields: section.fields });
    for (const [allowed_users, allowedUsers] of [[undefined, []], [["*"], ["*"]], [[" a ", "", "b"], ["a", "b"]]]) expect(read({ allowed_users })).toMatchObject({ allowedUsers });

    const { channels } = await definition.create({ [name]: read({}) }, createContext);
    expect(channels).toHaveLength(1);
    for (const channel of channels) {
      expect(channel.name).toBe(name);
      for (const call of CALLS) expect(typeof channel[call]).toBe("function");
      expect(channel.capabilities.receive).toBe(mode);
      expect(channel.split("one line").join("")).toBe("one line");
      expect(channel.status()).toMatchObject({ state: "idle", reconnects: 0 });
    }
  });
});
