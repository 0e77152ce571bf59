import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { createTestTerminal } from "./command-io.test-support.ts";

const specification = readFileSync(fileURLToPath(new URL("../config/fixtures/specification.toml", import.meta.url)), "utf8");

describe("revka channel list", () => {
  it("shows the specification's six sections with their modes, and flags those whose package is not here (GW-02)", async () => {
    using terminal = createTestTerminal({ config: specification });
    await terminal.run("channel", "list");
    const lines = terminal.stdout.split("\n");
    expect(lines.slice(0, 7)).toEqual([
      "Channels:",
      "  ⚠️  Lark             WebSocket (default) or webhook disabled in this build",
      "  ⚠️  Feishu           WebSocket (default) or webhook disabled in this build",
      "  ⚠️  DingTalk         Stream Mode WebSocket          not installed",
      "  ✅ WeCom            Outbound only (Bot Webhook)",
      "  ⚠️  QQ Official Bot  Bot gateway WebSocket          not installed",
      "  ✅ Mochat           HTTP polling",
    ]);
    expect(lines.slice(-4)).toEqual([
      "To start channels: revka channel start",
      "To check health:    revka channel doctor",
      `To configure:      revka onboard, or edit ${terminal.home.path}/.revka/config.toml`,
      "",
    ]);
    expect(terminal.exitCode).toBe(0);
  });

  it("adds region, port, proxy and allowlist with --verbose", async () => {
    using terminal = createTestTerminal({ config: mochatSection('allowed_users = ["*"]', 'proxy_url = "http://u:hidden-pass@p:1"') });
    await terminal.run("channel", "list", "--verbose");
    expect(terminal.stdout).toContain("Mochat           HTTP polling                                         region Self-hosted, inbound port: No, proxy http://***@p:1, allowed users: everybody (*)\n");
    expect(terminal.stdout).toMatch(/Lark {13}WebSocket \(default\) or webhook not configured {8}region International, inbound port: Webhook mode only\n/);
  });

  it("is JSON with --json", async () => {
    using terminal = createTestTerminal({ config: specification });
    await terminal.run("channel", "list", "--json");
    const { channels } = JSON.parse(terminal.stdout) as { channels: unknown[] };
    expect(channels).toHaveLength(6);
    expect(channels[5]).toEqual({
      ...{ name: "mochat", displayName: "Mochat", region: "Self-hosted", mode: "HTTP polling", inboundPort: "No" },
      ...{ state: "configured", facts: { mode: "HTTP polling", proxy: "direct", allowedUsers: "*" } },
    });
    expect(channels[0]).toMatchObject({ name: "lark", state: "unavailable", reason: "disabled in this build" });
  });

  it("shows a wrong section as such, with its problems, and still ends with 0", async () => {
    using terminal = createTestTerminal({ config: mochatSection("poll_interval_secs = 0") });
    await terminal.run("channel", "list");
    expect(terminal.stdout).toMatch(/❌ Mochat .* invalid\n/);
    expect(terminal.stdout).toContain("poll_interval_secs: found a number (0)");
    expect(terminal.exitCode).toBe(0);
  });

  it("works before there is a file, and ends with 78 when there is one that cannot be read", async () => {
    using without = createTestTerminal();
    await without.run("channel", "list");
    expect(without.exitCode).toBe(0);
    using broken = createTestTerminal({ config: "= broken" });
    await broken.run("channel", "list");
    expect(broken.exitCode).toBe(78);
  });

  it("has the channels of plugins at its end", async () => {
    const { mochatDefinition } = await import("@revka/channel-mochat/definition");
    const definition = { ...mochatDefinition, sections: mochatDefinition.sections.map((section) => ({ ...section, name: "acme", displayName: "Acme" })) };
    using terminal = createTestTerminal({
      config: `plugins = ["acme"]\n${mochatSection().replace("mochat]", "acme]")}`,
      modules: { "acme/definition": { definition } },
    });
    await terminal.run("channel", "list");
    expect(terminal.stdout.split("\n")[7]).toBe("  ✅ Acme             HTTP polling");
  });
});
