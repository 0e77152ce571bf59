import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PlatformName } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { atWork, openSandbox, sectionOf, tableText } from "../support/sections.ts";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";

const REQUIRED = {
  lark: ["app_id", "app_secret"],
  feishu: ["app_id", "app_secret"],
  dingtalk: ["client_id", "client_secret"],
  wecom: ["webhook_key"],
  qq: ["app_id", "app_secret"],
  mochat: ["api_url", "api_token"],
} as const satisfies Readonly<Record<PlatformName, readonly string[]>>;

const GOOD = { app_id: "cli_1", app_secret: "a-secret-value", client_id: "ding-1", client_secret: "a-secret-value", webhook_key: "a-secret-value", api_url: "https://m.example", api_token: "a-secret-value" };

interface Problem {
  readonly file: string;
  readonly line: number;
  readonly section: string;
  readonly key: string;
}

/** The problems of a file in which every section has all its required keys but for what `keysOf` makes of them. */
async function problemsOf(keysOf: (required: readonly string[]) => Readonly<Record<string, unknown>>): Promise<{ readonly file: string; readonly problems: readonly Problem[] }> {
  const folder = await tempFolder();
  const file = join(folder, "config.toml");
  const good = (required: readonly string[]): object => Object.fromEntries(Object.entries(GOOD).filter(([key]) => required.includes(key)));
  await writeFile(file, Object.entries(REQUIRED).map(([name, required]) => tableText(`channels_config.${name}`, { ...good(required), ...keysOf(required) })).join("\n"), { mode: 0o600 });
  const { exitCode, stdout } = await revka(["config", "check", "--json", "--config", folder]);
  expect(exitCode).toBe(78);
  return { file, problems: (JSON.parse(stdout) as { readonly problems: readonly Problem[] }).problems };
}

describe("a required key", () => {
  it.each([
    ["is missing", undefined],
    ["is empty", ""],
    ["is blank", " \t "],
  ])("that %s is told with file, line, table and key, in all six sections at once (GW-07)", async (_title, value) => {
    const { file, problems } = await problemsOf((required) => Object.fromEntries(required.map((key) => [key, value])));
    const expected = Object.entries(REQUIRED).flatMap(([name, required]) => required.map((key) => `channels_config.${name} ${key}`));
    expect(problems.map(({ section, key }) => `${section} ${key}`).toSorted()).toEqual(expected.toSorted());
    for (const problem of problems) expect(problem).toMatchObject({ file, line: expect.any(Number) as number });
  });

  const halves: readonly (readonly PlatformName[])[] = [["lark", "dingtalk", "wecom"], ["feishu", "qq", "mochat"]];
  it.each(halves.map((broken, index) => ({ broken, whole: halves[1 - index] ?? [] })))("that $broken lack keeps them from starting, and $whole start all the same (GW-07)", async ({ broken, whole }) => {
    const sandbox = await openSandbox();
    const config = [...whole.map((name) => sectionOf(sandbox, name)), ...broken.map((name) => sectionOf(sandbox, name, { [REQUIRED[name][0]]: " " }))].join("\n");
    const daemon = await startDaemon(await tempFolder(), config);
    for (const name of whole) await atWork(sandbox, name, daemon);
    expect(/channels \((.*)\)/.exec(daemon.output())?.[1]?.split(", ").toSorted()).toEqual([...whole].toSorted());
    for (const name of broken) expect(await daemon.logged(`[channels_config.${name}] ${REQUIRED[name][0]}: found`)).toMatch(/"level":"error".*config\.toml:\d+/);
  }, 60_000);
});

describe("receive_mode", () => {
  it.each(["Webhook", "WEBSOCKET", "socket", true])("is a problem in the sections of Lark and Feishu where it is neither websocket nor webhook: %j (GW-17)", async (receive_mode) => {
    const { problems } = await problemsOf(() => ({ receive_mode }));
    expect(problems.map(({ section, key }) => `${section} ${key}`)).toEqual(["channels_config.lark receive_mode", "channels_config.feishu receive_mode"]);
  });

  it("is an unknown key in every other section, of which a warning tells, and changes nothing (GW-17)", async () => {
    const folder = await tempFolder();
    const others = ["dingtalk", "wecom", "qq", "mochat"] as const;
    const keys = (name: (typeof others)[number]): object => Object.fromEntries(REQUIRED[name].map((key) => [key, GOOD[key]]));
    await writeFile(join(folder, "config.toml"), others.map((name) => tableText(`channels_config.${name}`, { ...keys(name), receive_mode: "webhook" })).join("\n"), { mode: 0o600 });
    const { exitCode, stdout } = await revka(["config", "check", "--json", "--config", folder]);
    expect(exitCode).toBe(0);
    const { warnings, channels } = JSON.parse(stdout) as { readonly warnings: readonly string[]; readonly channels: readonly string[] };
    expect(channels.toSorted()).toEqual(others.toSorted());
    expect(warnings).toEqual(others.map((name) => `Unknown config key ignored: "channels_config.${name}.receive_mode". Check config.toml for typos or deprecated options.`));
  });
});
