import { describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { encryptSecret } from "../secrets/cipher.ts";
import { createTestTerminal } from "./command-io.test-support.ts";

const KEY = Buffer.alloc(32, 7);
const CONFIG = [
  'plugins = []',
  '[channels_config.mochat]',
  'api_url = "https://mochat.example.com"',
  'api_token = "${MOCHAT_TOKEN}"',
  'proxy_url = "http://planted-user:pw@proxy.example:3128"',
  'notification_target = ""',
  'allowed_users = ["a", 12345678901234567890]',
  '[channels_config.wecom]',
  `webhook_key = "${encryptSecret("planted-webhook-key", KEY)}"`,
  '[log]',
  'level = "debug"',
].join("\n");
const ENVIRONMENT = { MOCHAT_TOKEN: "planted-mochat-token", REVKA_CHANNELS_MOCHAT_POLL_INTERVAL_SECS: "9" };

async function show(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  using terminal = createTestTerminal({ config: CONFIG, environment: ENVIRONMENT });
  terminal.home.write(".revka/.secret_key", KEY.toString("hex"));
  await terminal.run("config", "show", ...args);
  expect(terminal.exitCode).toBe(0);
  for (const secret of ["planted-mochat-token", "planted-webhook-key", "planted-user", "enc2:"]) expect(terminal.stdout + terminal.stderr).not.toContain(secret);
  return { stdout: terminal.stdout.replaceAll(terminal.home.path, "~").replaceAll(/ {2,}/g, "  "), stderr: terminal.stderr };
}

describe("revka config show", () => {
  it("shows every key that holds and where it comes from, and of secrets only that they are set", async () => {
    const { stdout } = await show();
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("# ~/.revka/config.toml, found by default");
    for (const line of [
      "[channels_config.mochat]",
      'api_url = "https://mochat.example.com"  # config.toml:3',
      "api_token = *** (set)  # config.toml:4, ${MOCHAT_TOKEN}",
      'proxy_url = "http://***@proxy.example:3128"  # config.toml:5',
      "notification_target = (not set)",
      'allowed_users = ["a","12345678901234567890"]  # config.toml:7',
      "poll_interval_secs = 9  # environment, REVKA_CHANNELS_MOCHAT_POLL_INTERVAL_SECS",
      "idempotent_send = false  # default",
      "webhook_key = *** (set)  # config.toml:9, encrypted",
      'level = "debug"  # config.toml:11',
      "port = 0  # environment, REVKA_GATEWAY_PORT",
      "secrets.encrypt = true  # default",
    ]) expect(lines).toContain(line);
  });

  it.each([
    ["that is none", '"planted-user:planted-password@proxy.example"', '"***@proxy.example"'],
    ["with a query", '"http://proxy.example:3128/?token=planted-password"', '"http://proxy.example:3128/?***"'],
    ["that leads nowhere", '"gopher://planted-user:planted-password@h"', '"gopher://***@h"'],
    ["in a list", '["http://planted-user:planted-password@h"]', '"***"'],
  ])("shows no more than the host of an address %s", async (_title, value, shown) => {
    using terminal = createTestTerminal({ config: mochatSection(`proxy_url = ${value}`) });
    await terminal.run("config", "show");
    expect(terminal.stdout).toContain(`proxy_url = ${shown}`);
    expect(terminal.stdout + terminal.stderr).not.toContain("planted");
  });

  it("is JSON with --json", async () => {
    const shown = JSON.parse((await show("--json")).stdout) as { tables: { path: string; keys: { key: string }[] }[] };
    const mochat = shown.tables.find(({ path }) => path === "channels_config.mochat");
    expect(mochat?.keys).toEqual(
      expect.arrayContaining([
        { key: "api_token", value: "***", isSecret: true, origin: { kind: "file", line: 4, references: ["${MOCHAT_TOKEN}"] } },
        { key: "poll_interval_secs", value: 9, origin: { kind: "environment", variable: "REVKA_CHANNELS_MOCHAT_POLL_INTERVAL_SECS" } },
        { key: "idempotent_send", value: false, origin: { kind: "default" } },
      ]),
    );
  });

  it("shows no default of a channel where a shared table decides", async () => {
    using terminal = createTestTerminal({ config: `${mochatSection()}[channels_config]\nstream_mode = "partial"\n[transcription]\ndefault_provider = "local_whisper"\n[transcription.local_whisper]\nurl = "http://127.0.0.1:1/x"\n` });
    await terminal.run("config", "show");
    const [, section = ""] = /\n\[channels_config\.mochat\]\n([\s\S]*?)(?:\n\n|$)/.exec(terminal.stdout) ?? [];
    expect(section).toMatch(/^stream_mode = \(not set\)$/m);
    expect(section).toContain("transcription.default_provider = (not set)");
  });

  it("tells that a secret is not set, and that something is wrong", async () => {
    using terminal = createTestTerminal({ config: `${mochatSection('api_token = "${NOT_SET}"')}[channels_config.wecom]\n[channels_config.qq]\n` });
    await terminal.run("config", "show");
    expect(terminal.stdout).toMatch(/^api_token = \(not set\) +# config\.toml:\d$/m);
    expect(terminal.stdout).toMatch(/^webhook_key = \(not set\)$/m);
    expect(terminal.stderr).toContain("This configuration has 2 problems: see `revka config check`.\n");
    expect(terminal.stderr).toContain("@revka/channel-qq");
    expect(terminal.exitCode).toBe(0);
  });

  it("shows what holds without a file", async () => {
    using terminal = createTestTerminal();
    await terminal.run("config", "show");
    expect(terminal.stdout).toContain("config.toml (does not exist), found by default\n");
    expect(terminal.stdout).toMatch(/^queue_cap = 20 +# default$/m);
  });
});
