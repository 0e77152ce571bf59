import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox, SandboxOptions } from "@revka/sandbox";
import { encryptSecret } from "../../apps/gateway/src/secrets/cipher.ts";
import { tableText } from "../support/sections.ts";
import { SECRET_KEYS, type SecretKey } from "./secret-keys.ts";
import type { Canary } from "./search.ts";

/** A configuration with a secret of its own in every place that may hold one. */
export interface Planted {
  readonly canaries: readonly Canary[];
  /** The secret in a place, e.g. `channels_config.qq.app_secret`. */
  readonly valueOf: (place: string) => string;
  /** Its text, whose references lead to `environment` and to files that `plant` has written. */
  readonly config: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where a configuration leads to. */
export interface PlantedPlace {
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly webhookPort: number;
  readonly proxyPort: number;
  readonly values: Readonly<Record<string, string>>;
}

/** The signs that a secret may not have where it goes into a header. */
const HEADER_SAFE = /\.(?:api_token|api_key|bearer_token)$/;

/** A value for every secret key, hard to mistake and awkward to spell. */
export function createValues(): Readonly<Record<string, string>> {
  const places = SECRET_KEYS.filter(({ kind }) => kind === "secret").map(placeOf);
  return Object.fromEntries(places.map((place) => [place, awkward(HEADER_SAFE.test(place) ? "/+=~" : "/+=\"\\ü&%'")]));
}

/** What the platforms of a sandbox take. */
export function platformsWith(values: Readonly<Record<string, string>>): SandboxOptions {
  const of = (section: string, key: string): string => values[`channels_config.${section}.${key}`] ?? "";
  const lark = (section: "lark" | "feishu") => ({ appSecret: of(section, "app_secret"), verificationToken: of(section, "verification_token"), encryptKey: of(section, "encrypt_key") });
  return {
    lark: lark("lark"),
    feishu: lark("feishu"),
    dingtalk: { clientSecret: of("dingtalk", "client_secret") },
    wecom: { keys: [of("wecom", "webhook_key")] },
    qq: { appSecret: of("qq", "app_secret") },
    mochat: { token: of("mochat", "api_token") },
  };
}

/** Writes what a configuration refers to, and gives the configuration. */
export async function plant({ sandbox, folder, webhookPort, proxyPort, values }: PlantedPlace): Promise<Planted> {
  const [key, environment] = [randomBytes(32), {} as Record<string, string>];
  await mkdir(join(folder, "keys"), { mode: 0o700 });
  await writeFile(join(folder, ".secret_key"), key.toString("hex"), { mode: 0o600 });
  const canaries: Canary[] = [{ name: ".secret_key", value: key.toString("hex") }];

  /** The four ways in which a secret may stand in the file, in turn. */
  async function written(place: string, value: string, index: number): Promise<string> {
    switch (index % 4) {
      case 0:
        return value;
      case 1:
        environment[`PLANTED_${index}`] = value;
        return `\${PLANTED_${index}}`;
      case 2:
        await writeFile(join(folder, "keys", place), `${value}\n`, { mode: 0o600 });
        return `\${file:keys/${place}}`;
      default:
        return encryptSecret(value, key);
    }
  }
  const proxied = (place: string): string => {
    const [user, password] = [awkward("@:/%"), awkward("@:/% ")];
    canaries.push({ name: `the user in ${place}`, value: user }, { name: `the password in ${place}`, value: password });
    return `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${proxyPort}`;
  };

  const tables = new Map<string, Record<string, unknown>>();
  const set = (table: string, keys: Readonly<Record<string, unknown>>): void => void tables.set(table, { ...tables.get(table), ...keys });
  for (const [index, secret] of SECRET_KEYS.entries()) {
    const place = placeOf(secret);
    const value = values[place];
    if (value === undefined && !secret.key.endsWith("proxy") && secret.key !== "proxy_url") continue;
    if (value !== undefined) canaries.push({ name: place, value });
    set(secret.table, { [secret.key]: await written(place, value ?? proxied(place), index) });
  }
  for (const { section, values: reach } of (["lark", "feishu", "dingtalk", "wecom", "qq", "mochat"] as const).map((name) => sandbox.settingsFor(name))) {
    const ours = tables.get(`channels_config.${section}`) ?? {};
    set(`channels_config.${section}`, { allowed_users: ["*"], ...reach, ...ours });
  }
  set("channels_config.feishu", { receive_mode: "webhook", port: webhookPort });
  for (const table of tables.keys()) if (table.endsWith("transcription")) set(table, { api_url: `${sandbox.url}/mochat/transcribe` });
  set("proxy", { enabled: true });
  return { canaries, environment, valueOf: (place) => values[place] ?? "", config: [...tables].map(([table, keys]) => tableText(table, keys)).join("\n") };
}

function placeOf({ table, key }: SecretKey): string {
  return `${table}.${key}`;
}

/** Distinct at both ends, and with signs between them that every spelling writes in its own way. */
export function awkward(signs: string): string {
  return `${randomBytes(6).toString("hex")}${signs}${randomBytes(6).toString("hex")}`;
}
