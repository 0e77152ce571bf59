import { join } from "node:path";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { createTestTerminal, type TestTerminal } from "./command-io.test-support.ts";

let sandbox: Sandbox;
let config: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  const tables = (["mochat", "wecom"] as const).map((name) => sandbox.settingsFor(name));
  config = tables.map(({ section, values }) => [`[channels_config.${section}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`), ""].join("\n")).join("\n");
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const send = (terminal: TestTerminal, ...args: string[]): Promise<void> => terminal.run("channel", "send", ...args);

describe("revka channel send", () => {
  it("sends one message to a user", async () => {
    using terminal = createTestTerminal({ config });
    await send(terminal, "hello", "--channel-id", "mochat", "--recipient", "u1");
    expect(terminal.stdout).toBe("Message sent via mochat.\n");
    expect(sandbox.mochat.sent).toMatchObject([{ userId: "u1", text: "hello" }]);
    expect(terminal.exitCode).toBe(0);
  });

  it("reads the message from standard input, and cuts its last line end", async () => {
    using terminal = createTestTerminal({ config, stdin: ["line 1\nli", Buffer.from("ne 2\n")] });
    await send(terminal, "-", "--channel-id", "mochat", "--recipient", "u1");
    expect(sandbox.mochat.sent).toMatchObject([{ text: "line 1\nline 2" }]);
  });

  it("needs no recipient where a channel has only one place, nor where the section names one", async () => {
    using terminal = createTestTerminal({ config });
    await send(terminal, "hi", "--channel-id", "wecom");
    expect(terminal.stdout).toBe("Message sent via wecom.\n");
    using targeted = createTestTerminal({ config: mochatSection(`api_url = "${sandbox.url}/mochat"`, `api_token = "${sandbox.mochat.token}"`, 'notification_target = "u7"') });
    await send(targeted, "hi", "--channel-id", "mochat");
    expect(sandbox.mochat.sent).toMatchObject([{ userId: "u7" }]);
  });

  it("tells the receipt, or the failure, as JSON", async () => {
    using terminal = createTestTerminal({ config });
    await send(terminal, "hi", "--channel-id", "mochat", "--recipient", "u1", "--json");
    expect(JSON.parse(terminal.stdout)).toMatchObject({ ok: true, channel: "mochat", messageIds: expect.any(Array) as string[] });
    sandbox.wecom.keys.disable(String(sandbox.settingsFor("wecom").values["webhook_key"]));
    using failing = createTestTerminal({ config });
    await send(failing, "hi", "--channel-id", "wecom", "--json");
    expect(JSON.parse(failing.stdout)).toMatchObject({ ok: false, channel: "wecom" });
    expect(failing.exitCode).toBe(1);
  });

  it("sends a file after the text, or alone", async () => {
    using terminal = createTestTerminal({ config });
    const file = terminal.home.write("report.txt", "all is well\n");
    await send(terminal, "Today's report", "--file", file, "--channel-id", "wecom");
    await send(terminal, "--file", file, "--channel-id", "wecom");
    expect(terminal.stderr).toBe("");
    expect(terminal.exitCode).toBe(0);
    expect(sandbox.wecom.sent().map(({ msgtype, text }) => [msgtype, text])).toEqual([["text", "Today's report"], ["file", ""], ["file", ""]]);
  });

  it.each([
    ["does not exist", "nowhere.txt", "wecom", "nowhere.txt does not exist"],
    ["is a folder", ".revka", "wecom", ".revka is no file"],
    ["is larger than [media] allows", "large.bin", "wecom", "large.bin has 1048577 bytes, 1048576 are allowed (max_outbound_mb in [media])"],
    ["the channel cannot send", "small.bin", "mochat", "Failed to send message via mochat: Mochat takes text only"],
  ])("refuses a file that %s", async (_title, name, channel, text) => {
    using terminal = createTestTerminal({ config: `${config}\n[media]\nmax_outbound_mb = 1\n` });
    terminal.home.write("large.bin", "x".repeat(1024 * 1024 + 1));
    terminal.home.write("small.bin", "x");
    await send(terminal, "--file", join(terminal.home.path, name), "--channel-id", channel, "--recipient", "u1");
    expect(terminal.stderr).toContain(text);
    expect(terminal.exitCode).toBe(1);
    expect(sandbox.wecom.sent()).toEqual([]);
  });

  it("says why it failed, with 1 and without the secret", async () => {
    using terminal = createTestTerminal({ config: `[channels_config.wecom]\nwebhook_key = "planted-unknown-key"\nbase_url = "${sandbox.url}/wecom"\n` });
    await send(terminal, "hi", "--channel-id", "wecom");
    expect(terminal.stderr).toMatch(/^Failed to send message via wecom: WeCom API error \(errcode=/m);
    expect(terminal.stdout + terminal.stderr).not.toContain("planted-unknown-key");
    expect(terminal.exitCode).toBe(1);
  });

  it.each([
    ["no recipient", ["hi", "--channel-id", "mochat"], "--recipient is required for mochat.", 2],
    ["an empty message", [" ", "--channel-id", "mochat", "--recipient", "u"], "There is nothing to send: give a message, or a file with --file.", 2],
    ["a name that nobody knows", ["hi", "--channel-id", "slack"], 'Unknown channel "slack". Supported: lark, feishu, dingtalk, wecom, qq, mochat', 2],
    ["a channel that is not configured", ["hi", "--channel-id", "qq"], "config.toml has no [channels_config.qq].", 1],
  ])("refuses %s", async (_title, args, text, code) => {
    using terminal = createTestTerminal({ config });
    await send(terminal, ...args);
    expect(terminal.stderr).toContain(text);
    expect(terminal.exitCode).toBe(code);
  });

  it.each([
    ["whose section is wrong", "[channels_config.mochat]\n", "mochat", "api_url: found nothing", 78],
    ["whose package is not here", "[channels_config.dingtalk]\n", "dingtalk", "The package @revka/channel-dingtalk for DingTalk is not installed", 1],
  ])("refuses a channel %s", async (_title, text, name, message, code) => {
    using terminal = createTestTerminal({ config: text });
    await send(terminal, "hi", "--channel-id", name, "--recipient", "u");
    expect(terminal.stderr).toContain(message);
    expect(terminal.exitCode).toBe(code);
  });

  it("refuses more than 1 MiB on standard input", async () => {
    using terminal = createTestTerminal({ config, stdin: ["x".repeat(1024 * 1024), "y"] });
    await send(terminal, "-", "--channel-id", "mochat", "--recipient", "u1");
    expect(terminal.stderr).toContain("standard input is larger than 1048576 bytes");
    expect(terminal.exitCode).toBe(1);
  });
});
