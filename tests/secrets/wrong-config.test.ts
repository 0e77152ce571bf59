import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runInProcess } from "../operations/in-process.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { awkward } from "./planted.ts";
import { createEvidence, leaksIn, type Canary } from "./search.ts";
import { SECRET_KEYS, type SecretKey } from "./secret-keys.ts";

const COMMANDS = [
  ["config", "check"], ["config", "check", "--json"], ["config", "show"], ["config", "show", "--json"], ["channel", "list", "--verbose"], ["channel", "list", "--json"],
  ["status"], ["--log-level", "debug", "channel", "doctor", "--skip-visible"], ["--log-level", "debug", "channel", "send", "hello", "--channel-id", "qq"], ["--log-level", "trace", "daemon"],
] as const;

/** What stands in the place of a secret, or around it. */
const WRONG: readonly (readonly [title: string, valueOf: (secret: string, key: SecretKey) => unknown])[] = [
  ["in a list", (secret) => [secret]],
  ["in a table", (secret) => ({ value: secret })],
  ["as a list in a table of lists", (secret) => [[secret], { [secret]: secret }]],
  ["behind a reference that does not end", (secret) => `\${${secret}`],
  ["in a reference that is none", (secret) => `\${not a name ${secret}}`],
  ["as if it were encrypted", (secret) => `enc2:${Buffer.from(secret).toString("hex")}`],
  ["as if it were encrypted in the old way", (secret) => `enc:${secret}`],
  ["in an address that is none, or leads nowhere", (secret, { kind }) => (kind === "address" ? `gopher://user:${encodeURIComponent(secret)}@h.example` : 7)],
  ["in an address without a scheme", (secret, { kind }) => (kind === "address" ? `user:${secret}@h.example:1` : true)],
  ["in the query of an address", (secret, { kind }) => (kind === "address" ? `https://h.example/?token=${encodeURIComponent(secret)}` : false)],
  ["in a list of addresses", (secret, { kind }) => (kind === "address" ? [`http://user:${encodeURIComponent(secret)}@h.example`] : 1.5)],
];

/** A configuration in which every secret key holds a secret in this way. */
function configWith(valueOf: (secret: string, key: SecretKey) => unknown): { readonly config: string; readonly canaries: readonly Canary[] } {
  const canaries: Canary[] = [];
  const tables = new Map<string, Record<string, unknown>>();
  for (const key of SECRET_KEYS) {
    const canary = { name: `${key.table}.${key.key}`, value: awkward("/+=\"\\&%'") };
    canaries.push(canary);
    tables.set(key.table, { ...tables.get(key.table), [key.key]: valueOf(canary.value, key) });
  }
  return { canaries, config: [...tables].map(([table, keys]) => [`[${table}]`, ...Object.entries(keys).map(([key, value]) => `${key} = ${inToml(value)}`), ""].join("\n")).join("\n") };
}

/** A value as TOML writes it: as JSON does, but for tables. */
function inToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inToml).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)} = ${inToml(item)}`).join(", ")} }`;
}

/** Runs every command on a configuration, and gives what they print. */
async function printedOf(config: string, environment: Readonly<Record<string, string>> = {}) {
  const folder = await tempFolder();
  await writeFile(join(folder, "config.toml"), config, { mode: 0o600 });
  await writeFile(join(folder, ".secret_key"), "0".repeat(64), { mode: 0o600 });
  const evidence = createEvidence();
  for (const args of COMMANDS) {
    const { exitCode, output } = await runInProcess([...args, "--config", folder], { environment });
    evidence.add(`revka ${args.join(" ")}`, `${output}\nended with ${exitCode ?? "nothing"}`);
  }
  return evidence;
}

describe("a configuration that is wrong in every secret key", { timeout: 120_000 }, () => {
  it.each(WRONG)("is told of without the secret: %s", async (_title, valueOf) => {
    const { config, canaries } = configWith(valueOf);
    const evidence = await printedOf(config);
    expect(leaksIn(evidence, canaries)).toEqual([]);
    expect(evidence.texts.get("revka config check")).toContain("channels_config.qq] app_secret: found");
    expect(evidence.texts.get("revka config check")).toMatch(/ended with 78$/);
  });

  it.each<[string, (secret: string) => string]>([
    ["that does not end", (secret) => `app_secret = "${secret}\napp_id = "1"`],
    ["without quotes", (secret) => `app_secret = ${secret}`],
    ["without a key", (secret) => `"${secret}"`],
    ["twice", (secret) => `app_secret = "${secret}"\napp_secret = "${secret}"`],
    ["as a key", (secret) => `${secret} = "app_secret"\napp_id =`],
    ["with a bad escape", (secret) => `app_secret = "\\q${secret}"`],
    ["as a header", (secret) => `[channels_config.${secret}`],
  ])("is told of without the secret where it is no TOML: a text %s", async (_title, lineOf) => {
    const secret = awkward("-_");
    const evidence = await printedOf(`[channels_config.qq]\n${lineOf(secret)}\n`);
    expect(leaksIn(evidence, [{ name: "the secret", value: secret }])).toEqual([]);
    expect(evidence.texts.get("revka config check")).toContain("found text that is no TOML");
  });

  it("is told of without the secret where that stands under a misspelt key, or comes from the environment", async () => {
    const [misspelt, ...others] = Array.from({ length: 4 }, (_, index) => ({ name: `secret ${index}`, value: awkward("/+=&") }));
    const [proxy, url, secret] = others.map(({ value }) => encodeURIComponent(value));
    const environment = { REVKA_CHANNELS_QQ_PROXY_URL: `gopher://u:${proxy}@h`, REVKA_CHANNELS_QQ_BASE_URL: `https://u:${url}@h`, REVKA_CHANNELS_QQ_APP_SECRETT: secret ?? "", HTTP_PROXY: `gopher://u:${proxy}@h` };
    const evidence = await printedOf(`[channels_config.qq]\napp_id = "1"\napp_secert = "${misspelt?.value ?? ""}"\n`, environment);
    expect(evidence.texts.get("revka config check")).toContain('"app_secert" is probably meant to be "app_secret"');
    expect(leaksIn(evidence, [...(misspelt === undefined ? [] : [misspelt]), ...others])).toEqual([]);
  });
});
