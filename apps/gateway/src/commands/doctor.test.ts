import { chmodSync } from "node:fs";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { createManualClock } from "@revka/core/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { createTestTerminal, type TestTerminal, type TestTerminalOptions } from "./command-io.test-support.ts";

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
const AGENT = '[agent]\nkind = "echo"\n';

async function examine(config: string | undefined, options: TestTerminalOptions = {}, ...args: readonly string[]): Promise<TestTerminal & { readonly lines: string[] }> {
  const terminal = createTestTerminal({ ...(config !== undefined && { config }), ...options });
  if (config !== undefined) chmodSync(`${terminal.home.path}/.revka`, 0o700);
  await terminal.run("doctor", ...args);
  return Object.assign(Object.create(terminal) as TestTerminal, { lines: terminal.stdout.replaceAll(/ {2,}/g, " ").split("\n") });
}

describe("revka doctor", () => {
  it("finds everything in order", async () => {
    using result = await examine(AGENT + sectionOf("mochat"));
    const { lines, exitCode } = result;
    expect(lines[0]).toBe("🩺 Revka Doctor");
    for (const [sign, check, text] of [
      ["✅", "config", "is valid; channels: mochat"],
      ["✅", "agent", "echo"],
      ["✅", "permissions", "are for their owner alone"],
      ["⏭️", "database", "does not exist yet"],
      ["⏭️", "daemon", "to start one: revka daemon"],
      ["⏭️", "proxy", "no channel goes through one"],
      ["✅", "clock", "right by that of 127.0.0.1:"],
      ["✅", "channel mochat", "healthy ("],
    ] as const) expect(lines.filter((line) => line.startsWith(` ${sign} ${check}`) && line.includes(text)), check).toHaveLength(1);
    expect(lines.at(-2)).toMatch(/^Summary: \d fine, \d to look at, 0 broken, \d skipped$/);
    expect(exitCode).toBe(0);
  });

  it("tells every problem once, with what to do, and ends with 1", async () => {
    using result = await examine(mochatSection(`api_url = "${sandbox.url}/mochat"`, 'api_token = "planted-wrong-token"', "pol_interval_secs = 2") + "[channels_config.wecom]\n");
    const { stdout, exitCode } = result;
    expect(stdout.match(/webhook_key/g)).toHaveLength(1);
    expect(stdout).toMatch(/❌ config +config\.toml:\d+ +\[channels_config\.wecom\] webhook_key: found nothing[^\n]*\n +→ edit [^\n]*revka config check\n/);
    expect(stdout).toMatch(/⚠️ {2}config +Unknown config key ignored: "channels_config\.mochat\.pol_interval_secs"/);
    expect(stdout).toMatch(/⚠️ {2}agent +none is configured/);
    expect(stdout).toMatch(/❌ channel mochat [^\n]+\n +→ check the credentials/);
    expect(stdout).not.toContain("planted-wrong-token");
    expect(exitCode).toBe(1);
  });

  it("asks nothing that people see", async () => {
    using result = await examine(AGENT + sectionOf("wecom"));
    expect(result.stdout).toMatch(/⏭️ {2}channel wecom +its check posts a message that people see\n/);
    expect(sandbox.record.entries.filter(({ platform }) => platform === "wecom").map(({ method }) => method)).not.toContain("POST");
    expect(result.exitCode).toBe(0);
  });

  it.each([
    ["45 s ahead", 45_000, "⚠️ ", 0],
    ["600 s behind", -600_000, "❌", 1],
  ])("notices that the clock is %s of the platform's", async (text, skewMs, sign, code) => {
    using result = await examine(AGENT + sectionOf("mochat"), { clock: { ...createManualClock(Date.now() + skewMs), now: () => Date.now() + skewMs } });
    expect(result.stdout).toMatch(new RegExp(`${sign} clock +${text.replace(/^\d+/, "\\d+")} that of`));
    expect(result.exitCode).toBe(code);
  });

  it("notices a proxy that is not there, without its password", async () => {
    using result = await examine(AGENT + mochatSection('proxy_url = "http://planted-user:planted-password@127.0.0.1:1"'));
    expect(result.stdout).toMatch(/❌ proxy +http:\/\/\*\*\*@127\.0\.0\.1:1 \(mochat\) cannot be reached: ECONNREFUSED\n +→ start it/);
    expect(result.stdout).not.toContain("planted");
  });

  it("reaches a proxy that is there", async () => {
    using result = await examine(AGENT + mochatSection(`proxy_url = "${sandbox.url}"`));
    expect(result.stdout).toMatch(/✅ proxy +http:\/\/127\.0\.0\.1:\d+ \(mochat\) can be reached/);
  });

  it("is JSON with --json", async () => {
    using result = await examine(AGENT + sectionOf("mochat"), {}, "--json");
    expect(JSON.parse(result.stdout)).toMatchObject({ ok: true, findings: expect.arrayContaining([{ check: "agent", verdict: "ok", text: "echo" }]) as unknown });
  });

  it("says how to begin where there is no configuration", async () => {
    using result = await examine(undefined);
    expect(result.stdout).toMatch(/❌ config +config\.toml +found no file[^\n]+\n +→ run: revka onboard\n/);
    expect(result.exitCode).toBe(1);
  });
});
