import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createTestHome, importing, loadText, mochatSection } from "./config-folder.test-support.ts";
import { loadConfig } from "./load.ts";
import type { LoadedConfig } from "./loaded-config.ts";

const specification = readFileSync(fileURLToPath(new URL("fixtures/specification.toml", import.meta.url)), "utf8");
const WECOM = '[channels_config.wecom]\nwebhook_key = "a-webhook-key"\n';

function configOf(config: LoadedConfig, name: string): unknown {
  return config.sections.get(name)?.config;
}

describe("loadConfig", () => {
  it("finds [channels_config.mochat] in ~/.revka/config.toml (GW-01, MOCHAT-07)", async () => {
    const config = await loadText(mochatSection());
    expect(config).toMatchObject({ source: "default", hasFile: true, problems: [], warnings: [], isBlocked: false });
    expect(config.file).toMatch(/\/\.revka\/config\.toml$/);
    expect([...config.sections.keys()]).toEqual(["mochat"]);
  });

  it("finds [channels_config.wecom] in ~/.revka/config.toml (WECOM-06)", async () => {
    const config = await loadText(WECOM);
    expect(configOf(config, "wecom")).toMatchObject({ webhookKey: "a-webhook-key" });
  });

  it("takes the specification's six sections as they are: two start, four have no package here, nothing is wrong", async () => {
    const config = await loadText(specification);
    expect(config.problems).toEqual([]);
    expect(config.warnings).toEqual([]);
    expect([...config.sections.keys()]).toEqual(["wecom", "mochat"]);
    expect(config.skipped.map(({ section }) => section)).toEqual(["lark", "feishu", "dingtalk", "qq"]);
  });

  it("hands the section to its own schema, and strips every slash at the end of Mochat's api_url (GW-11)", async () => {
    const config = await loadText(mochatSection('api_url = "https://mochat.example.com//"', "poll_interval_secs = 7"));
    expect(configOf(config, "mochat")).toMatchObject({ apiUrl: "https://mochat.example.com", pollIntervalMs: 7000, allowedUsers: [] });
  });

  it("accepts allowed_users in the wecom section without a warning (GW-24)", async () => {
    const config = await loadText(`${WECOM}allowed_users = ["*"]\n`);
    expect(config).toMatchObject({ problems: [], warnings: [] });
  });

  it("warns of receive_mode in the wecom section, which is not part of it (WECOM-05)", async () => {
    const { warnings } = await loadText(`${WECOM}receive_mode = "webhook"\n`);
    expect(warnings).toEqual([
      'Unknown config key ignored: "channels_config.wecom.receive_mode". Check config.toml for typos or deprecated options.',
    ]);
  });

  it("keeps a channel whose section is wrong from starting, and no other", async () => {
    const config = await loadText(`${mochatSection("poll_interval_secs = \"5\"")}\n${WECOM}`);
    expect([...config.sections.keys()]).toEqual(["wecom"]);
    expect(config.isBlocked).toBe(false);
    expect(config.problems).toEqual([
      expect.objectContaining({ line: 4, section: "channels_config.mochat", key: "poll_interval_secs", found: 'a string ("5")' }),
    ]);
  });

  it("names file, table and key of a required key that is missing or blank, and the misspelt one", async () => {
    const { problems, file } = await loadText('[channels_config.mochat]\napi_url = " "\napi_tokn = "hidden-secret"\n');
    expect(problems).toMatchObject([
      { file, line: 1, section: "channels_config.mochat", key: "api_token", found: "nothing", hint: '"api_tokn" is probably meant to be "api_token"' },
      { file, line: 2, section: "channels_config.mochat", key: "api_url" },
    ]);
    expect(JSON.stringify(problems)).not.toContain("hidden-secret");
  });

  it.each<[string, string, unknown]>([
    ["a number as the token", "api_token = 123456789", "a number (not shown)"],
    ["an encrypted token without a key", 'api_token = "enc2:00112233"', expect.stringMatching(/^an encrypted value, but .*\.secret_key does not exist$/)],
    ["a token whose variable is missing", 'api_token = "${MISSING}"', "a reference to MISSING, which is not set"],
  ])("never shows a secret: %s", async (_title, line, found) => {
    const { problems } = await loadText(mochatSection(line));
    expect(problems).toMatchObject([{ key: "api_token", found }]);
    expect(JSON.stringify(problems)).not.toMatch(/123456789|00112233/);
  });

  it("does not look up references of sections that are not ours", async () => {
    const config = await loadText(`${mochatSection()}\n[channels_config.telegram]\nbot_token = "\${NOT_SET}"\n[memory]\nx = "\${NOT_SET}"\n`);
    expect(config.problems).toEqual([]);
  });

  it("takes variables from the environment, from .env and from files", async () => {
    const config = await loadText(mochatSection('api_url = "${URL}"', 'api_token = "${file:token.txt}"', 'poll_interval_secs = "${POLL}"'), {
      environment: { URL: "https://from.env" },
      files: { ".revka/workspace/.env": "POLL=9\nURL=https://from.file\n", ".revka/token.txt": "token-from-file\n" },
    });
    expect(configOf(config, "mochat")).toMatchObject({ apiUrl: "https://from.env", apiToken: "token-from-file", pollIntervalMs: 9000 });
    expect(config.secrets).toContain("token-from-file");
  });

  it("reads encrypted values with the folder's key", async () => {
    const files = { ".revka/.secret_key": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n" };
    const sealed = "enc2:101112131415161718191a1b33a5266f676deb086baf1e17b6c0d01b258e743197bd25f9a3328ae9955892b5";
    const config = await loadText(mochatSection(`api_token = "${sealed}"`), { files });
    expect(configOf(config, "mochat")).toMatchObject({ apiToken: "mochat-api-token" });
    expect(config.secrets).toContain("mochat-api-token");
    const { problems } = await loadText(mochatSection(`api_token = "${sealed.replace("33a5", "0000")}"`), { files });
    expect(problems).toMatchObject([{ key: "api_token", found: "an encrypted value, but it is damaged, or was encrypted with another key" }]);
  });

  it("lets the environment override a key, also one whose own reference leads nowhere", async () => {
    const config = await loadText(mochatSection('api_token = "${MISSING}"'), { environment: { REVKA_CHANNELS_MOCHAT_API_TOKEN: "token-from-env" } });
    expect(configOf(config, "mochat")).toMatchObject({ apiToken: "token-from-env" });
    expect(config.secrets).toContain("token-from-env");
  });

  it("makes a section of the environment alone, without any file", async () => {
    const environment = { REVKA_CHANNELS_MOCHAT_API_URL: "https://m.example", REVKA_CHANNELS_MOCHAT_API_TOKEN: "secret-token" };
    const config = await loadText(undefined, { environment });
    expect(config).toMatchObject({ hasFile: false, problems: [] });
    expect([...config.sections.keys()]).toEqual(["mochat"]);
  });

  it("makes no section of an environment that lacks a required key, and says so", async () => {
    const { sections, warnings } = await loadText("", { environment: { REVKA_CHANNELS_MOCHAT_API_URL: "https://m.example" } });
    expect(sections.size).toBe(0);
    expect(warnings).toEqual([expect.stringContaining("REVKA_CHANNELS_MOCHAT_… does not set every required key")]);
  });

  it("tells which variable set a wrong value", async () => {
    const { problems } = await loadText(mochatSection(), { environment: { REVKA_CHANNELS_MOCHAT_POLL_INTERVAL_SECS: "often" } });
    expect(problems).toMatchObject([{ key: "poll_interval_secs", found: 'a string ("often")', hint: "set by REVKA_CHANNELS_MOCHAT_POLL_INTERVAL_SECS" }]);
  });

  it("accepts cli and channels of others in silence, and takes a near miss for a typo", async () => {
    const { warnings } = await loadText(`[channels_config]\ncli = true\n[channels_config.telegram]\nx = 1\n[channels_config.mocaht]\nx = 1\n${mochatSection()}`);
    expect(warnings).toEqual([
      'Unknown config key ignored: "channels_config.mocaht". Check config.toml for typos or deprecated options. The nearest known key is "mochat".',
    ]);
  });

  it("tells problems of channels_config itself where it is no table, or a channel is none", async () => {
    expect((await loadText("channels_config = 5\n")).problems).toMatchObject([{ section: "channels_config", key: "", found: "a number (5)", allowed: "a table" }]);
    expect((await loadText('[channels_config]\nmochat = "x"\n')).problems).toMatchObject([{ section: "channels_config.mochat", key: "", allowed: "a table" }]);
  });

  it("is frozen", async () => {
    const config = await loadText(mochatSection());
    expect(Object.isFrozen(config) && Object.isFrozen(config.settings.dispatch)).toBe(true);
  });

  it("takes the file of --config, and misses it even where the environment would do", async () => {
    using home = createTestHome();
    const file = home.write("other.toml", mochatSection());
    const load = (option: string): Promise<LoadedConfig> =>
      loadConfig({ option, environment: { REVKA_CHANNELS_MOCHAT_API_URL: "https://m.example" }, home: home.path, importModule: importing(), programPath: "revka" });
    expect(await load(file)).toMatchObject({ file, source: "--config", problems: [] });
    expect((await load(`${file}.not`)).problems).toMatchObject([{ found: "no file" }]);
  });
});
