import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { createScriptedPrompts } from "../onboarding/prompts.test-support.ts";
import { createTestTerminal, type TestTerminal } from "./command-io.test-support.ts";

const KEYS = '{"api_url":"https://m.example","api_token":"planted-token","allowed_users":["*"]}';

function textOf({ home }: TestTerminal): string {
  return readFileSync(join(home.path, ".revka", "config.toml"), "utf8");
}

describe("revka channel add", () => {
  it("writes a section, its secret encrypted", async () => {
    using terminal = createTestTerminal();
    await terminal.run("channel", "add", "mochat", KEYS);
    expect(terminal.stdout).toMatch(/^Saved \[channels_config\.mochat\] in .*\. A running daemon applies it by itself; .*\n$/);
    expect(textOf(terminal)).toMatch(/^\[channels_config\.mochat\]\napi_url = "https:\/\/m\.example"\napi_token = "enc2:[\da-f]+"\nallowed_users = \["\*"\]\n$/);
    await terminal.run("config", "check");
    expect(terminal.exitCode).toBe(0);
  });

  it("leaves secrets as they are where the file wants no encryption, and references always", async () => {
    using terminal = createTestTerminal({ config: "[secrets]\nencrypt = false\n" });
    await terminal.run("channel", "add", "mochat", KEYS);
    expect(textOf(terminal)).toContain('api_token = "planted-token"');
    using other = createTestTerminal({ environment: { TOKEN: "t" } });
    await other.run("channel", "add", "mochat", '{"api_url":"https://m.example","api_token":"${TOKEN}"}');
    expect(textOf(other)).toContain('api_token = "${TOKEN}"');
  });

  it("changes keys of a section that is there, from standard input as well", async () => {
    using terminal = createTestTerminal({ config: `# mine\n${mochatSection("poll_interval_secs = 9 # slow")}`, stdin: ['{"api_url":"https://new.example"}\n'] });
    await terminal.run("channel", "add", "mochat", "-");
    expect(terminal.exitCode).toBe(0);
    expect(textOf(terminal)).toContain('# mine\n[channels_config.mochat]\napi_url = "https://new.example"\n');
    expect(textOf(terminal)).toContain("poll_interval_secs = 9 # slow");
  });

  it.each([
    ["a wrong value", "mochat", '{"api_url":"nowhere","api_token":"planted-token"}', 78, "channels_config.mochat.api_url: found"],
    ["a missing key", "mochat", '{"api_url":"https://m.example"}', 78, "channels_config.mochat.api_token: found nothing"],
    ["an unknown key", "mochat", '{"api_url":"https://m.example","api_token":"planted-token","pol":1}', 78, "channels_config.mochat.pol: found an unknown key"],
    ["no JSON", "mochat", "{", 2, "no JSON object"],
    ["a list", "mochat", "[]", 2, "no JSON object"],
    ["an unknown channel", "icq", "{}", 2, 'Unknown channel "icq". Supported: lark, '],
    ["a channel that is not installed", "dingtalk", "{}", 1, "npm install @revka/channel-dingtalk"],
  ])("writes nothing for %s", async (_title, name, json, code, text) => {
    using terminal = createTestTerminal({ config: "# mine\n" });
    await terminal.run("channel", "add", name, json);
    expect(terminal.exitCode).toBe(code);
    expect(terminal.stderr).toContain(text);
    expect(terminal.stderr).not.toContain("planted-token");
    expect(textOf(terminal)).toBe("# mine\n");
  });
});

describe("revka channel remove", () => {
  const CONFIG = `# mine\n\n${mochatSection()}\n[mine]\nx = 1\n`;

  it("takes the section out, and keeps the text before", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("channel", "remove", "mochat", "--yes");
    expect(textOf(terminal)).toBe("# mine\n\n[mine]\nx = 1\n");
    expect(terminal.stdout).toContain("config.toml.bak");
  });

  it.each([
    [true, "# mine\n\n[mine]\nx = 1\n", 0],
    [false, CONFIG, 1],
    [undefined, CONFIG, 1],
  ])("asks first, and takes %s for an answer", async (answer, text, code) => {
    using terminal = createTestTerminal({ config: CONFIG, prompts: createScriptedPrompts([["Remove [channels_config.mochat]", answer]]) });
    await terminal.run("channel", "remove", "mochat");
    expect(textOf(terminal)).toBe(text);
    expect(terminal.exitCode).toBe(code);
  });

  it("does nothing without a terminal to ask on, or without the section", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("channel", "remove", "mochat");
    expect(terminal.exitCode).toBe(2);
    await terminal.run("channel", "remove", "qq", "--yes");
    expect(terminal.exitCode).toBe(1);
    expect(textOf(terminal)).toBe(CONFIG);
  });
});

describe("revka channel allow and deny", () => {
  const CONFIG = mochatSection('allowed_users = ["a"] # the boss');

  it("lets users in", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("channel", "allow", "mochat", "b", "c", "a");
    expect(textOf(terminal)).toBe(CONFIG.replace('["a"]', '["a", "b", "c"]'));
    expect(terminal.stdout).toContain("Allowed b, c, a for Mochat in ");
  });

  it("shuts users out, and says when nobody is left", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("channel", "deny", "mochat", "a");
    expect(textOf(terminal)).toMatch(/^allowed_users = \[\] +# the boss$/m);
    expect(terminal.stderr).toBe("The list is empty now: nobody may write.\n");
  });

  it("says that everybody still may write", async () => {
    using terminal = createTestTerminal({ config: CONFIG.replace('"a"', '"*", "a"') });
    await terminal.run("channel", "deny", "mochat", "a");
    expect(terminal.stderr).toBe('The list still holds "*": everybody may write.\n');
  });

  it("changes nothing where there is nothing to change", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("channel", "allow", "mochat", "a");
    expect(terminal.stdout).toContain("Nothing to change");
    await terminal.run("channel", "allow", "wecom", "a");
    expect(terminal.exitCode).toBe(1);
    expect(textOf(terminal)).toBe(CONFIG);
  });
});
