import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mustRun, run } from "./support/run.ts";
import { packAll, PUBLISHED } from "./support/tarballs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
let folder: string;
let tarballs: ReadonlyMap<string, string>;
let sandbox: Sandbox;

/** An empty folder with `names` installed from their tarballs, as a user would. */
async function install(label: string, names: readonly string[]): Promise<string> {
  const home = join(folder, label);
  await mkdir(home);
  await writeFile(join(home, "package.json"), JSON.stringify({ name: label, private: true, type: "module" }));
  const files = names.map((name) => tarballs.get(name) ?? name);
  await mustRun("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files], { cwd: home });
  return home;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "revka-packed-"));
  tarballs = await packAll(folder);
  sandbox = await startSandbox();
}, 300_000);

afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a channel from its tarball", () => {
  it("is all that a ten-line bot needs, with core", async () => {
    const home = await install("bot", ["@revka/core", "@revka/channel-mochat"]);
    await writeFile(join(home, "bot.mjs"), BOT);
    sandbox.mochat.say("user-1", "hello from a tarball");
    const { values } = sandbox.settingsFor("mochat");
    await mustRun("node", ["bot.mjs"], { cwd: home, env: { API_URL: String(values["api_url"]), API_TOKEN: String(values["api_token"]) } });
    expect(sandbox.mochat.sent.map((message) => message.text)).toEqual(["You said: hello from a tarball"]);
  }, 120_000);
});

const BOT = `
import { createMochatChannel } from "@revka/channel-mochat";
import { replyTo, textOf } from "@revka/core";

const bot = createMochatChannel({ apiUrl: process.env.API_URL, apiToken: process.env.API_TOKEN, allowedUsers: ["*"] });
const stop = new AbortController();
await bot.listen(async (message) => {
  await bot.send({ target: replyTo(message), text: "You said: " + textOf(message) });
  stop.abort();
  return "accepted";
}, stop.signal);
`;

describe("the gateway from its tarball", () => {
  it("works without the optional channel-lark and says so, and with it once it is there (GW-42, GW-43, LARK-06, LARK-07, LARK-71)", async () => {
    const home = await install("gateway", [...tarballs.keys()]);
    await writeFile(join(home, "config.toml"), '[channels_config.lark]\napp_id = "cli_xxx"\napp_secret = "xxx"\n', { mode: 0o600 });
    const revka = (...args: string[]) => run(join(home, "node_modules/.bin/revka"), [...args, "--config", join(home, "config.toml")], { cwd: home });
    const listed = async (): Promise<string> => {
      const { exitCode, stdout, stderr } = await revka("channel", "list");
      expect(exitCode, stderr).toBe(0);
      return stdout + stderr;
    };
    expect(await listed()).toMatch(/✅ Lark /);

    // What a package manager leaves that skips optional dependencies.
    await rm(join(home, "node_modules/@revka/channel-lark"), { recursive: true });
    expect(await listed()).toContain("Lark/Feishu channel support is disabled in this build (enable channel-lark)");
    expect(await listed()).not.toContain("not installed");
    const started = await revka("daemon");
    expect(started.exitCode).toBe(78);
    expect(started.stderr).toContain("not starting [channels_config.lark]");
    expect((await revka("--version")).stdout).toMatch(/\d+\.\d+\.\d+/);

    // Everything a daemon is made of, from the tarballs alone.
    const demo = await revka("demo", "--once");
    expect(demo.exitCode, demo.stderr).toBe(0);
  }, 180_000);
});

describe.each(PUBLISHED)("%s as packed", (path) => {
  it("has no complaint from publint", async () => {
    const { messages } = await publint({ pkgDir: join(root, path), strict: true, pack: "pnpm" });
    expect(messages).toEqual([]);
  }, 60_000);
});
