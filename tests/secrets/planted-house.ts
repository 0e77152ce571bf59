import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PlatformName, Sandbox } from "@revka/sandbox";
import { runInProcess, type InProcessEnd } from "../operations/in-process.ts";
import { startDaemon, type Daemon } from "../support/daemon.ts";
import { openSandbox } from "../support/sections.ts";
import { freePort } from "../support/port.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startOpenProxy, type OpenProxy } from "./open-proxy.ts";
import { createValues, plant, platformsWith, type Planted } from "./planted.ts";
import { createEvidence, type Canary, type Evidence } from "./search.ts";

/** The platforms, a proxy before them, and a folder whose configuration holds a secret wherever there may be one. */
export interface PlantedHouse {
  readonly sandbox: Sandbox;
  readonly proxy: OpenProxy;
  readonly folder: string;
  readonly planted: Planted;
  readonly webhookUrl: string;
  readonly evidence: Evidence;
  /** Starts a daemon that says all it can. */
  readonly start: (...args: readonly string[]) => Promise<Daemon>;
  /** Runs a command of `revka`, and keeps what it prints. */
  readonly run: (...args: readonly string[]) => Promise<InProcessEnd>;
  /** Asks the daemon's operations listener, and keeps what it answers. */
  readonly ask: (daemon: Daemon, path: string, init?: RequestInit) => Promise<number>;
  /** What the daemons have written and the chats show until now, beside what was kept before. */
  readonly collect: () => Promise<Evidence>;
  /** All that a platform knows: what stands in its section of the configuration, and what it has given to the bot itself. */
  readonly knownTo: (platform: PlatformName) => string;
  /** The secrets of the configuration, of its folder, and all that the platforms have given until now. */
  readonly canaries: () => readonly Canary[];
}

/** Opens it; nobody runs yet. */
export async function openPlantedHouse(): Promise<PlantedHouse> {
  const values = createValues();
  const sandbox = await openSandbox(platformsWith(values));
  const [folder, proxy, webhookPort] = [await tempFolder(), await startOpenProxy(), freePort()];
  const planted = await plant({ sandbox, folder, webhookPort, proxyPort: proxy.port, values });
  await writeFile(join(folder, "config.toml"), planted.config, { mode: 0o600 });
  const evidence = createEvidence();
  const daemons: Daemon[] = [];
  return {
    ...{ sandbox, proxy, folder, planted, evidence },
    webhookUrl: `http://127.0.0.1:${webhookPort}/feishu`,
    async start(...args) {
      const daemon = await startDaemon(folder, undefined, { env: planted.environment, args: ["--log-level", "trace", ...args] });
      daemons.push(daemon);
      return daemon;
    },
    async run(...args) {
      const end = await runInProcess([...args, "--config", folder], { environment: planted.environment });
      evidence.add(`revka ${args.join(" ")}`, end.output);
      return end;
    },
    async ask({ opsUrl }, path, init = {}) {
      const reply = await fetch(opsUrl + path, init);
      evidence.add(path, `${reply.status} ${JSON.stringify([...reply.headers])} ${await reply.text()}`);
      return reply.status;
    },
    async collect() {
      const all = createEvidence();
      for (const [where, text] of evidence.texts) all.add(where, text);
      for (const daemon of daemons) all.add("the daemon", daemon.output());
      all.add("daemon_state.json", await readFile(join(folder, "daemon_state.json"), "utf8").catch(() => ""));
      for (const [where, chat] of Object.entries(chatsOf(sandbox))) all.add(`the chats of ${where}`, JSON.stringify(chat));
      return all;
    },
    knownTo(platform) {
      const own = planted.canaries.filter(({ name }) => name.includes(`channels_config.${platform}.`));
      return [...own, ...givenBy(sandbox, platform)].map(({ value }) => value).join(" ");
    },
    canaries: () => [...planted.canaries, ...madeIn(folder), ...givenBy(sandbox)],
  };
}

/** The database's files as they lie on the disk, and the modes of everything in the folder. */
export function diskOf(folder: string): { readonly database: Evidence; readonly modes: Readonly<Record<string, number>> } {
  const database = createEvidence();
  const names = readdirSync(folder);
  for (const name of names.filter((candidate) => candidate.startsWith("state.sqlite"))) database.add(name, readFileSync(join(folder, name)).toString());
  return { database, modes: Object.fromEntries(names.map((name) => [name, statSync(join(folder, name)).mode & 0o777])) };
}

/** What people read: of each message all that the bot posted. */
function chatsOf({ lark, feishu, dingtalk, wecom, qq, mochat }: Sandbox): Readonly<Record<string, unknown>> {
  return { lark: lark.sent, feishu: feishu.sent, dingtalk: dingtalk.sent, wecom: wecom.sent().map(({ text, payload }) => ({ text, payload })), qq: qq.sent, mochat: mochat.sent.map(({ text }) => text) };
}

/** What daemons made for themselves; the files are missing until one has run. */
function madeIn(folder: string): Canary[] {
  const names = ["ops_token", ".state_key"].filter((name) => existsSync(join(folder, name)));
  return names.map((name) => ({ name, value: readFileSync(join(folder, name), "utf8").trim() }));
}

const GIVEN = [
  ["an access token", /"(?:tenant_access_token|accessToken|access_token)":"([^"]+)"/g],
  ["a ticket", /"ticket":"([^"]+)"|[?&]ticket=([\w-]+)/g],
  ["a session webhook", /sendBySession\?session=(\w+)/g],
] as const;

/** What the platforms gave to the bot, or one of them, and nobody else may have. */
function givenBy({ record, frames }: Sandbox, by?: PlatformName): Canary[] {
  const isFrom = ({ platform }: { readonly platform: string }): boolean => by === undefined || platform === by;
  const answers = record.entries.filter(isFrom).map(({ query, answer }) => `${query} ${answer?.body.text ?? ""}`);
  const text = [...answers, ...frames.entries.filter(isFrom).map((frame) => frame.text)].join("\n");
  const found = GIVEN.flatMap(([name, pattern]) => [...text.matchAll(pattern)].map(([, value, other]): [string, string] => [value ?? other ?? "", name]));
  return [...new Map(found)].map(([value, name]) => ({ name, value }));
}
