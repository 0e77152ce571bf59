import { dingtalkDefinition } from "@revka/channel-dingtalk";
import { createContext, parseSection } from "@revka/core";
import { recordingAccept } from "@revka/core/testing";
import { startSandbox } from "@revka/sandbox";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";

const [section] = dingtalkDefinition.sections;
const SAMPLE = { client_id: "ding-app-key", client_secret: "ding-app-secret", allowed_users: ["*"], proxy_url: "" } as const;

function read(values: unknown): unknown {
  if (section === undefined) throw new TypeError("no section");
  return parseSection(section.schema, values, { path: "channels_config.dingtalk", fields: section.fields });
}

describe("the section [channels_config.dingtalk]", () => {
  it("says where and how it receives (DT-01, DT-02, DT-05)", () => {
    expect(section).toMatchObject({ name: "dingtalk", displayName: "DingTalk", region: "China", receiveMode: "Stream Mode WebSocket" });
    expect(section?.fields.map(({ key }) => key)).not.toContain("receive_mode");
  });

  it("takes the specification's sample, in which an empty proxy_url is none (DT-10, DT-11)", async () => {
    const config = read(SAMPLE);
    expect(config).toMatchObject({ clientId: "ding-app-key", clientSecret: "ding-app-secret", allowedUsers: ["*"] });
    expect(config).not.toHaveProperty("proxyUrl");
    const { channels, warnings } = await dingtalkDefinition.create({ dingtalk: config }, createContext);
    expect(channels.map(({ name }) => name)).toEqual(["dingtalk"]);
    expect(warnings).toEqual([]);
  });

  it("denies everybody unless told otherwise (DT-09)", () => {
    const { allowed_users: _allowed, ...values } = SAMPLE;
    expect(read(values)).toMatchObject({ allowedUsers: [] });
  });

  it.each(["client_id", "client_secret"])("needs %s, and never shows a secret (DT-07, DT-08)", (key) => {
    for (const value of [undefined, "", 7]) {
      const problem = catchError(() => read({ ...SAMPLE, [key]: value }));
      expect(problem).toMatchObject({ code: "config", problems: [{ path: `channels_config.dingtalk.${key}` }] });
      expect(String(problem)).not.toContain("ding-app-secret");
    }
  });

  it("takes the sandbox's settings as they are, and holds a conversation there (DT-11, DT-13, DT-14)", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { values, section: name } = sandbox.settingsFor("dingtalk");
    const { channels: [channel] } = await dingtalkDefinition.create({ [name]: read({ ...values, allowed_users: ["*"] }) }, createContext);
    const { accept, next } = recordingAccept();
    const abort = new AbortController();
    const listening = channel?.listen(accept, abort.signal);
    await sandbox.dingtalk.nextConnection();
    sandbox.dingtalk.say("staff-1", "hello");
    await next();
    await channel?.send({ target: { conversationId: "staff-1" }, text: "and hello to you" });
    expect(sandbox.dingtalk.sent).toMatchObject([{ user: "staff-1", text: "and hello to you" }]);
    abort.abort();
    await listening;
  });

  it("belongs to a plain dependency of the gateway, which every build has (DT-04)", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../apps/gateway/package.json", import.meta.url), "utf8"));
    expect(manifest).toHaveProperty(["dependencies", "@revka/channel-dingtalk"]);
    expect(manifest).not.toHaveProperty(["optionalDependencies", "@revka/channel-dingtalk"]);
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
