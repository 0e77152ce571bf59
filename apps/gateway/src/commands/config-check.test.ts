import { describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { createTestTerminal } from "./command-io.test-support.ts";

const WRONG = mochatSection('api_token = "planted-secret-token"', 'poll_interval_secs = "5"', "pol_interval = 1");

describe("revka config check", () => {
  it("says that a right file is right, with its warnings, and that a restart applies it", async () => {
    using terminal = createTestTerminal({ config: `${mochatSection("idempotent_sent = true")}\n[channels_config.qq]\n` });
    await terminal.run("config", "check");
    expect(terminal.stdout).toBe(`${terminal.home.path}/.revka/config.toml is valid; channels: mochat. A running daemon applies it by itself and says in its log what needs a restart of \`revka daemon\`.\n`);
    expect(terminal.stderr).toContain('warning: Unknown config key ignored: "channels_config.mochat.idempotent_sent".');
    expect(terminal.stderr).toContain("warning: The package @revka/channel-qq for QQ Official Bot is not installed");
    expect(terminal.exitCode).toBe(0);
  });

  it("tells every problem and ends with 78, without a secret", async () => {
    using terminal = createTestTerminal({ config: WRONG });
    await terminal.run("config", "check");
    expect(terminal.stdout).toContain('  config.toml:4  [channels_config.mochat] poll_interval_secs: found a string ("5"), allowed is a number from 1 to 86400\n');
    expect(terminal.stdout + terminal.stderr).not.toContain("planted-secret");
    expect(terminal.exitCode).toBe(78);
  });

  it("is JSON with --json", async () => {
    using terminal = createTestTerminal({ config: WRONG });
    await terminal.run("config", "check", "--json");
    expect(JSON.parse(terminal.stdout)).toEqual({
      file: `${terminal.home.path}/.revka/config.toml`,
      ok: false,
      channels: [],
      problems: [
        {
          ...{ file: `${terminal.home.path}/.revka/config.toml`, line: 4, section: "channels_config.mochat", key: "poll_interval_secs" },
          ...{ found: 'a string ("5")', allowed: "a number from 1 to 86400" },
        },
      ],
      warnings: [expect.stringContaining("pol_interval") as string],
      skipped: [],
    });
    expect(terminal.stdout).not.toContain("planted-secret");
  });

  it("takes its file from --config, before or after the command", async () => {
    using terminal = createTestTerminal({ config: WRONG });
    const file = terminal.home.write("good.toml", mochatSection());
    await terminal.run("--config", file, "config", "check");
    expect(terminal.exitCode).toBe(0);
    await terminal.run("config", "check", "--config", file);
    expect(terminal.exitCode).toBe(0);
  });
});
