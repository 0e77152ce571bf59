import { createManualClock } from "@revka/core/testing";
import { mochatDefinition } from "@revka/channel-mochat/definition";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { createTestTerminal } from "./command-io.test-support.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const sectionOf = (platform: "mochat" | "wecom"): string => {
  const { section, values } = sandbox.settingsFor(platform);
  return `[channels_config.${section}]\n${Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join("\n")}\n`;
};

describe("revka channel doctor", () => {
  it("asks every platform, and warns before it writes where people see it", async () => {
    using terminal = createTestTerminal({ config: sectionOf("mochat") + sectionOf("wecom") });
    await terminal.run("channel", "doctor");
    const lines = terminal.stdout.split("\n");
    expect(lines[0]).toBe("🩺 Revka Channel Doctor");
    expect(lines).toContain("  ⚠️  wecom: the check posts a message that people see (--skip-visible leaves it out)");
    expect(lines).toContain("  ✅ wecom     healthy");
    expect(lines).toContain("  ✅ mochat    healthy");
    expect(lines.at(-2)).toBe("Summary: 2 healthy, 0 unhealthy, 0 timed out");
    expect(terminal.exitCode).toBe(0);
  });

  it("leaves visible checks out with --skip-visible", async () => {
    using terminal = createTestTerminal({ config: sectionOf("mochat") + sectionOf("wecom") });
    await terminal.run("channel", "doctor", "--skip-visible");
    expect(terminal.stdout).toContain("  ⏭️  wecom     skipped\n     its check posts a message that people see\n");
    expect(terminal.stdout).toContain("Summary: 1 healthy, 0 unhealthy, 0 timed out, 1 skipped\n");
    expect(sandbox.record.entries.filter(({ platform }) => platform === "wecom")).toEqual([]);
    expect(terminal.exitCode).toBe(0);
  });

  it("ends with 1 when a platform is not well, says why, and hides the secret", async () => {
    using terminal = createTestTerminal({ config: mochatSection(`api_url = "${sandbox.url}/mochat"`, 'api_token = "planted-wrong-token"') });
    await terminal.run("channel", "doctor");
    expect(terminal.stdout).toMatch(/ {2}❌ mochat {4}unhealthy \(auth\/config\/network\)\n {5}\S/);
    expect(terminal.stdout + terminal.stderr).not.toContain("planted-wrong-token");
    expect(terminal.exitCode).toBe(1);
  });

  it("gives a platform ten seconds", async () => {
    const clock = createManualClock();
    const slow = { ...mochatDefinition, create: async (...args: Parameters<typeof mochatDefinition.create>) => {
      const { channels, warnings } = await mochatDefinition.create(...args);
      return { warnings, channels: channels.map((channel) => ({ ...channel, checkHealth: () => Promise.withResolvers<never>().promise })) };
    } };
    using terminal = createTestTerminal({ config: sectionOf("mochat"), clock, modules: { "@revka/channel-mochat/definition": { slow } } });
    const run = terminal.run("channel", "doctor");
    await clock.untilPending(1);
    await clock.advance(10_000);
    await run;
    expect(terminal.stdout).toContain("  ⏱️  mochat    timed out (>10s)\n");
    expect(terminal.stdout).toContain("Summary: 0 healthy, 0 unhealthy, 1 timed out\n");
    expect(terminal.exitCode).toBe(1);
  });

  it("counts a disabled channel as skipped and a wrong or broken one as unhealthy (GW-44)", async () => {
    using terminal = createTestTerminal({
      config: `${sectionOf("mochat")}[channels_config.wecom]\n[channels_config.lark]\n[channels_config.qq]\n`,
      modules: { "@revka/channel-qq/definition": new TypeError("bad build") },
    });
    await terminal.run("channel", "doctor");
    expect(terminal.stdout).toContain("  ⏭️  lark      skipped\n     Lark/Feishu channel support is disabled in this build (enable channel-lark)");
    expect(terminal.stdout).toMatch(/❌ wecom {5}unhealthy \(auth\/config\/network\)\n {5}config\.toml:\d+ {2}\[channels_config\.wecom\] webhook_key: found nothing/);
    expect(terminal.stdout).toContain("❌ qq        unhealthy (auth/config/network)\n     @revka/channel-qq is installed but does not load");
    expect(terminal.stdout).toContain("Summary: 1 healthy, 2 unhealthy, 0 timed out, 1 skipped\n");
    expect(terminal.exitCode).toBe(1);
  });

  it("is JSON with --json", async () => {
    using terminal = createTestTerminal({ config: sectionOf("mochat") });
    await terminal.run("channel", "doctor", "--json");
    expect(JSON.parse(terminal.stdout)).toMatchObject({ channels: [{ name: "mochat", outcome: "healthy", latencyMs: expect.any(Number) as number }] });
  });

  it("says so when nothing is configured, and tells problems with 78 when nothing is valid", async () => {
    using empty = createTestTerminal({ config: "" });
    await empty.run("channel", "doctor");
    expect(empty.stdout).toContain("No real-time channels configured. Run revka onboard first.\n");
    expect(empty.exitCode).toBe(1);
    using wrong = createTestTerminal({ config: "[channels_config.wecom]\n" });
    await wrong.run("channel", "doctor");
    expect(wrong.stderr).toContain("webhook_key: found nothing");
    expect(wrong.exitCode).toBe(78);
  });
});

describe("a configured channel whose build flag is off", () => {
  it.each([
    ["channel list", ["channel", "list"], 0],
    ["channel doctor", ["channel", "doctor"], 0],
    ["channel start", ["channel", "start"], 78],
  ] as const)("is reported by %s, never as an exception (GW-43)", async (_title, args, code) => {
    using terminal = createTestTerminal({ config: "[channels_config.feishu]\n" });
    await terminal.run(...args);
    expect(terminal.stdout + terminal.stderr).toContain(
      "Lark/Feishu channel support is disabled in this build (enable channel-lark); not starting [channels_config.feishu]",
    );
    expect(terminal.exitCode).toBe(code);
  });
});
