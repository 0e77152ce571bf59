import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Environment } from "../config/environment.ts";
import { askedDefinition } from "../onboarding/asked-definition.test-support.ts";
import { createScriptedPrompts, type Script, type ScriptedPrompts } from "../onboarding/prompts.test-support.ts";
import { createTestTerminal, type TestTerminal } from "./command-io.test-support.ts";

const MODULES = { "@revka/channel-qq/definition": { askedDefinition } };
const ANSWERS: Script = [
  ["Which channel?", "qq"],
  ["app_id", "my-app"],
  ["app_secret", "good-secret"],
  ["allowed_users", "*, user-1"],
  ["receive_mode", "websocket"],
  ["mention_only", false],
];
const SAVE: Script = [["Another channel?", " save"]];

interface Wizard extends Disposable {
  readonly terminal: TestTerminal;
  readonly prompts: ScriptedPrompts;
  readonly text: () => string;
}

function open(script: Script, config?: string, environment: Environment = {}): Wizard {
  const prompts = createScriptedPrompts(script);
  const terminal = createTestTerminal({ prompts, modules: MODULES, environment: { SECRET: "good-secret", ...environment }, ...(config !== undefined && { config }) });
  const file = join(terminal.home.path, ".revka", "config.toml");
  return { terminal, prompts, text: () => (existsSync(file) ? readFileSync(file, "utf8") : "no file"), [Symbol.dispose]: () => terminal[Symbol.dispose]() };
}

function withoutCipher(text: string): string {
  return text.replaceAll(/enc2:[\da-f]+/g, "enc2:…");
}

describe("revka onboard --channels-only", () => {
  it("writes a section of what it was told, the secret encrypted, and says what to do next (GW-03) (GW-04)", async () => {
    using wizard = open([...ANSWERS, ...SAVE]);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.terminal.stderr).toBe("");
    expect(wizard.terminal.exitCode).toBe(0);
    expect(withoutCipher(wizard.text())).toBe('[channels_config.qq]\napp_id = "my-app"\napp_secret = "enc2:…"\nallowed_users = ["*", "user-1"]\n');
    expect(wizard.terminal.stdout).toMatch(/Saved qq in .*config\.toml\. A running daemon applies it by itself; if none runs, or it says otherwise, restart `revka daemon` to apply it\.\nNext: revka channel doctor, then revka daemon\.\n$/);
    expect(wizard.prompts.unanswered).toEqual([]);
  });

  it("says who is let in, and advises to begin with everybody (GW-25)", async () => {
    using wizard = open([["Which channel?", "qq"], ["app_id", undefined]]);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.prompts.shown.join("\n")).toMatch(/allowed_users takes QQ user IDs\. Begin with \* \(everybody\), confirm that messages arrive, then name the users/);
  });

  it("offers all channels, installed or not (GW-03)", async () => {
    const offered: string[] = [];
    const prompts = createScriptedPrompts([]);
    prompts.choose = ({ choices }) => {
      offered.push(...choices.map(({ value, hint = "" }) => `${value.trim()}: ${hint}`));
      return Promise.resolve(undefined);
    };
    using terminal = createTestTerminal({ prompts, modules: MODULES });
    await terminal.run("onboard", "--channels-only");
    expect(offered).toEqual([
      "wecom: China, Outbound only (Bot Webhook)",
      "qq: China, by heart",
      "mochat: Self-hosted, HTTP polling",
      "lark: not installed",
      "feishu: not installed",
      "dingtalk: not installed",
      "save: nothing is changed",
    ].toSorted((a, b) => offered.indexOf(a) - offered.indexOf(b)));
  });

  it("changes what stands there, and not a byte of anything else (GW-03)", async () => {
    const before = '# mine\n[agent]\nkind = "echo" # e\n\n[channels_config.qq] # the bot\napp_id = "old" # id\napp_secret = "${SECRET}"\nbase_url = "http://127.0.0.1:1"\n\n[mine]\nx = 1\n';
    using wizard = open([["Which", "qq"], ["app_id", "new"], ["app_secret", ""], ["allowed_users", ""], ["receive_mode", "websocket"], ["mention_only", true], ...SAVE], before);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.text()).toBe(before.replace('"old"', '"new"').replace("127.0.0.1:1\"\n", '127.0.0.1:1"\nallowed_users = []\nmention_only = true\n'));
    expect(wizard.prompts.shown).toContain("app_id: The App ID. [old]");
    expect(wizard.prompts.shown.join("\n")).not.toContain("good-secret");
  });

  it("leaves a default that is written out where it stands, and writes none that is not", async () => {
    const before = '[channels_config.qq]\napp_id = "my-app"\napp_secret = "${SECRET}"\nmention_only = false # so far\nallowed_users = ["a"]\n';
    using wizard = open([["Which", "qq"], ["app_id", "my-app"], ["app_secret", ""], ["allowed_users", "a"], ["receive_mode", "websocket"], ["mention_only", false], ...SAVE], before);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.text()).toBe(before);
  });

  it("speaks of lists as one types them", async () => {
    using wizard = open([["Which", "qq"], ["app_id", "my-app"], ["app_secret", "good-secret"], ["allowed_users", undefined]]);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.prompts.shown).toContain("allowed_users (optional): Who may write: nothing denies everybody, * admits everybody, a, b these two. Separate them by commas.");
  });

  it("asks for a key only where it means something", async () => {
    const webhook: Script = [...ANSWERS.slice(0, 4), ["receive_mode", "webhook"], ["port", "8081"], ["mention_only", false]];
    using wizard = open([...webhook, ...SAVE]);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.text()).toContain('receive_mode = "webhook"\nport = 8081\n');
  });

  it("does not let a required key go unanswered", async () => {
    using wizard = open([["Which", "qq"], ["app_id", " "], ["app_id", "a"], ["app_secret", ""], ["app_secret", undefined]]);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.prompts.shown).toEqual(expect.arrayContaining(["app_id is required", "app_secret is required"]));
  });

  it("tells what the platform says of the credentials without showing them, and lets them be mended", async () => {
    const wrong = ANSWERS.with(2, ["app_secret", "bad-secret"]);
    const mended: Script = [["What now?", "again"], ["app_id", "my-app"], ["app_secret", "good-secret"], ...ANSWERS.slice(3)];
    using wizard = open([...wrong, ...mended, ...SAVE]);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.terminal.exitCode).toBe(0);
    expect(wizard.prompts.shown).toContain("QQ Official Bot: 401 for ***");
  });

  it("hides a secret that was given as a reference, too", async () => {
    const script: Script = [...ANSWERS.with(2, ["app_secret", "${WRONG}"]), ["What now?", "save"], ...SAVE];
    using wizard = open(script, undefined, { WRONG: "planted-wrong-secret" });
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.prompts.shown).toContain("QQ Official Bot: 401 for ***");
    expect(wizard.text()).toContain('app_secret = "${WRONG}"');
  });

  it.each([
    ["in the file", '[proxy]\nenabled = true\nhttps_proxy = "ftp://user:hidden-pass@proxy.example"\n', {}],
    ["in the environment", "", { HTTPS_PROXY: "ftp://user:hidden-pass@proxy.example" }],
  ])("asks no platform while a proxy %s is wrong, rather than go around it", async (_title, config, environment) => {
    using wizard = open([...ANSWERS, ...SAVE], config, environment);
    await wizard.terminal.run("onboard", "--channels-only");
    const shown = wizard.prompts.shown.join("\n");
    expect(shown).toContain("The proxy settings are not valid, so QQ Official Bot is not asked now: that would go around the proxy.");
    expect(shown).not.toMatch(/hidden-pass|Asking QQ Official Bot|takes them/);
    expect(wizard.text()).toContain('app_id = "my-app"');
  });

  it.each([
    ["saves it anyway", "save", "app_secret"],
    ["leaves it out", "left-out", "no file"],
  ])("%s when it was told so", async (_title, choice, expected) => {
    const script: Script = [...ANSWERS.with(2, ["app_secret", "bad-secret"]), ["What now?", choice], ...(choice === "save" ? SAVE : ([["Which channel?", " save"]] as const))];
    using wizard = open(script);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.terminal.exitCode).toBe(0);
    expect(wizard.text()).toContain(expected);
  });

  it("writes nothing when the person gives up, also late", async () => {
    using wizard = open([...ANSWERS, ["Another channel?", undefined]]);
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.terminal.exitCode).toBe(130);
    expect(wizard.prompts.shown.at(-1)).toBe("Cancelled: nothing was changed.");
    expect(wizard.text()).toBe("no file");
  });

  it("touches no file that is no TOML", async () => {
    using wizard = open([], 'app_secret = "half\n');
    await wizard.terminal.run("onboard", "--channels-only");
    expect(wizard.terminal.exitCode).toBe(78);
    expect(wizard.terminal.stderr).not.toContain("half");
  });

  it("needs a terminal, and says how to do without", async () => {
    using terminal = createTestTerminal();
    await terminal.run("onboard", "--channels-only");
    expect(terminal.exitCode).toBe(2);
    expect(terminal.stderr).toContain(`  revka channel add mochat '{"api_url":"…","api_token":"…","allowed_users":["*"]}'\n`);
  });

  it.each([
    [["--reinit"], "--reinit and --channels-only cannot be used together"],
    [["--api-key", "k"], "--channels-only does not accept --api-key, --provider, --model, or --memory"],
    [["--memory", "m"], "--channels-only does not accept --api-key, --provider, --model, or --memory"],
    [["--force"], "--channels-only does not accept --force"],
    [["--quick"], "--quick and --channels-only cannot be used together"],
  ])("refuses %j", async (flags, text) => {
    using terminal = createTestTerminal();
    await terminal.run("onboard", "--channels-only", ...flags);
    expect(terminal.stderr).toBe(`${text}\n`);
    expect(terminal.exitCode).toBe(2);
  });
});

describe("revka onboard", () => {
  it("does the same, and says what else there is", async () => {
    using wizard = open([...ANSWERS, ...SAVE]);
    await wizard.terminal.run("onboard");
    expect(wizard.terminal.stdout).toContain("[agent], [proxy], [log] and [channels_config]: edit it by hand");
  });
});
