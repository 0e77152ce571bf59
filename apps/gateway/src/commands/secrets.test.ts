import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../config/load.ts";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { createTestTerminal, type TestTerminal } from "./command-io.test-support.ts";

const CONFIG = `# ours\n${mochatSection("allowed_users = [\"a\"] # the boss")}\n[channels_config.wecom]\nwebhook_key = "\${WECOM_KEY}"\n`;

function fileOf({ home }: TestTerminal, name = "config.toml"): string {
  return join(home.path, ".revka", name);
}

function textOf(terminal: TestTerminal): string {
  return readFileSync(fileOf(terminal), "utf8");
}

async function tokenOf({ home, io }: TestTerminal): Promise<unknown> {
  const config = await loadConfig({ environment: { WECOM_KEY: "k" }, home: home.path, importModule: io.importModule, programPath: "revka" });
  expect(config.problems).toEqual([]);
  return (config.sections.get("mochat")?.config as { apiToken: string }).apiToken;
}

describe("revka secrets", () => {
  it("encrypts what stands in plain text, and nothing else changes", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("secrets", "encrypt");
    expect(terminal.exitCode).toBe(0);
    expect(terminal.stdout).toContain("Encrypted the secrets of 1 table in ");
    expect(textOf(terminal).replace(/enc2:[\da-f]+/, "mochat-api-token")).toBe(CONFIG);
    expect(await tokenOf(terminal)).toBe("mochat-api-token");
  });

  it("encrypts an address with a password in it as well, and reads it", async () => {
    const proxies = '[proxy]\nenabled = true\nall_proxy = "socks5://user:planted-pass@proxy.example:1080"\nhttp_proxy = "http://proxy.example:3128"\n';
    using terminal = createTestTerminal({ config: CONFIG + proxies });
    await terminal.run("secrets", "encrypt");
    expect(textOf(terminal)).toMatch(/^all_proxy = "enc2:[\da-f]+"$/m);
    expect(textOf(terminal)).toMatch(/^http_proxy = "http:\/\/proxy\.example:3128"$/m);
    const { settings, secrets } = await loadConfig({ environment: { WECOM_KEY: "k" }, home: terminal.home.path, importModule: terminal.io.importModule, programPath: "revka" });
    expect(settings.proxy.allProxy).toEqual(new URL("socks5://user:planted-pass@proxy.example:1080"));
    expect(secrets).toContain("planted-pass");
    await terminal.run("secrets", "rotate");
    await terminal.run("secrets", "decrypt");
    expect(textOf(terminal)).toBe(CONFIG + proxies);
  });

  it("does nothing twice", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("secrets", "encrypt");
    const once = textOf(terminal);
    await terminal.run("secrets", "encrypt");
    expect(terminal.stdout).toContain("There is nothing to encrypt");
    expect(textOf(terminal)).toBe(once);
  });

  it("decrypts what was encrypted", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("secrets", "encrypt");
    await terminal.run("secrets", "decrypt");
    expect(textOf(terminal)).toBe(CONFIG);
  });

  it("encrypts anew with a new key", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("secrets", "encrypt");
    const [text, key] = [textOf(terminal), readFileSync(fileOf(terminal, ".secret_key"), "utf8")];
    await terminal.run("secrets", "rotate");
    expect(textOf(terminal)).not.toBe(text);
    expect(readFileSync(fileOf(terminal, ".secret_key"), "utf8")).not.toBe(key);
    expect(existsSync(fileOf(terminal, ".secret_key.next"))).toBe(false);
    expect(await tokenOf(terminal)).toBe("mochat-api-token");
  });

  it("knows the secrets of every table, those of tables within tables too", async () => {
    const config = '[transcription.openai]\napi_key = "sk-1"\n\n[channels_config.mochat]\napi_token = "t"\n\n[channels_config.mochat.transcription]\napi_key = "gsk-2"\n';
    using terminal = createTestTerminal({ config });
    await terminal.run("secrets", "encrypt");
    expect(textOf(terminal).match(/enc2:/g)).toHaveLength(3);
    await terminal.run("secrets", "rotate");
    await terminal.run("secrets", "decrypt");
    expect(terminal.exitCode).toBe(0);
    expect(textOf(terminal)).toBe(config);
  });

  it("changes no key while something is encrypted that it could not encrypt anew", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("secrets", "encrypt");
    const value = /enc2:[\da-f]+/.exec(textOf(terminal))?.[0] ?? "";
    appendFileSync(fileOf(terminal), `[channels_config.slack]\nbot_token = "${value}"\n`);
    const [text, key] = [textOf(terminal), readFileSync(fileOf(terminal, ".secret_key"), "utf8")];
    await terminal.run("secrets", "rotate");
    expect(terminal.exitCode).toBe(78);
    expect(terminal.stderr).toContain("channels_config.slack.bot_token");
    expect([textOf(terminal), readFileSync(fileOf(terminal, ".secret_key"), "utf8")]).toEqual([text, key]);
    expect(existsSync(fileOf(terminal, ".secret_key.next"))).toBe(false);
  });

  it("makes no new key where nothing is encrypted", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("secrets", "rotate");
    expect(terminal.stdout).toMatch(/^Nothing in .*config\.toml is encrypted\. To begin with that: revka secrets encrypt\n$/);
    expect(terminal.exitCode).toBe(0);
    expect([textOf(terminal), existsSync(fileOf(terminal, ".secret_key"))]).toEqual([CONFIG, false]);
  });

  it("says where the plain text still stands", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("secrets", "encrypt");
    expect(terminal.stderr).toBe(`${fileOf(terminal, "config.toml.bak")} still holds them in plain text: delete it once everything works.\n`);
  });

  it("never makes a new key while encrypted values exist", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("secrets", "encrypt");
    const text = textOf(terminal);
    rmSync(fileOf(terminal, ".secret_key"));
    for (const verb of ["encrypt", "decrypt", "rotate"]) {
      await terminal.run("secrets", verb);
      expect(terminal.exitCode).toBe(78);
    }
    expect(terminal.stderr).toContain(".secret_key does not exist");
    expect(textOf(terminal)).toBe(text);
    expect(existsSync(fileOf(terminal, ".secret_key"))).toBe(false);
  });

  it("encrypts one value from standard input, to be put wherever it belongs", async () => {
    using terminal = createTestTerminal({ config: CONFIG, stdin: ["my-", "secret\n"] });
    await terminal.run("secrets", "encrypt", "--stdin");
    expect(terminal.stdout).toMatch(/^enc2:[\da-f]+\n$/);
    expect(textOf(terminal)).toBe(CONFIG);
  });

  it("leaves a file alone that is no TOML", async () => {
    using terminal = createTestTerminal({ config: 'api_token = "hidden-token\n' });
    await terminal.run("secrets", "encrypt");
    expect(terminal.exitCode).toBe(78);
    expect(terminal.stderr).toContain("text that is no TOML");
    expect(terminal.stderr).not.toContain("hidden-token");
  });
});
