import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import { startSandbox, type PlatformName, type Sandbox } from "@revka/sandbox";
import { firstMissing } from "./docs-steps.ts";
import { freePort } from "./port.ts";
import { cli } from "./revka.ts";
import { run } from "./run.ts";
import { tempFolder } from "./temp-folder.ts";

/** A reader's home, in which the commands of one page are typed one after another. */
export interface DocsHouse extends AsyncDisposable {
  /** Runs a command line to its end; gives what it printed and its exit code. */
  readonly type: (command: string) => Promise<{ readonly exitCode: number; readonly printed: string }>;
  /** Starts a command that goes on; resolves once it has printed all of these lines. */
  readonly start: (command: string, output: readonly string[]) => Promise<void>;
  /** Ends what goes on, as Ctrl+C does; gives the exit codes. */
  readonly stop: () => Promise<readonly (number | null)[]>;
}

/** What the samples refer to. */
export const SAMPLE_VARIABLES: Readonly<Record<string, string>> = {
  LARK_APP_SECRET: "lark-app-secret",
  LARK_ENCRYPT_KEY: "lark-encrypt-key",
  LARK_VERIFY_TOKEN: "lark-verify-token",
  FEISHU_APP_SECRET: "feishu-app-secret",
  DINGTALK_SECRET: "dingtalk-secret",
  WECOM_KEY: "wecom-key",
  QQ_SECRET: "qq-secret",
  MOCHAT_TOKEN: "mochat-token",
  GROQ_API_KEY: "groq-api-key",
  OPENAI_API_KEY: "openai-api-key",
  PROXY_PASSWORD: "proxy-password",
};

const PLATFORMS: readonly PlatformName[] = ["lark", "feishu", "dingtalk", "wecom", "qq", "mochat"];

/** The daemon says one of these when it has looked at a changed file. */
const RELOADED = /Configuration applied|Configuration read again|is not applied/g;

interface Background {
  readonly printed: () => string;
  readonly until: (isThere: (printed: string) => boolean) => Promise<void>;
  readonly end: () => Promise<number | null>;
}

/** A house with a sandbox behind every section that its configuration has, whatever addresses and credentials stand there. */
export async function openDocsHouse(config: string | undefined): Promise<DocsHouse> {
  const home = await tempFolder();
  const sandbox = await startSandbox();
  const file = join(home, ".revka", "config.toml");
  const port = String(freePort());
  await mkdir(join(home, ".revka"), { mode: 0o700 });
  await mkdir(join(home, "bin"));
  if (config !== undefined) await writeFile(file, config, { mode: 0o600 });
  const revka = `exec ${process.execPath} --no-warnings --conditions=@revka/source ${cli} "$@"`;
  // Tests share a machine, so no port is the usual one.
  const ports = `case "$1 $2" in "sandbox say") set -- "$@" --url ${sandbox.url};; "sandbox "*) set -- "$@" --port 0;; esac`;
  await writeFile(join(home, "bin", "revka"), `#!/bin/sh\n${ports}\n${revka}\n`, { mode: 0o755 });
  const going: Background[] = [];
  let opsUrl = "";

  const read = (): Promise<string> => readFile(file, "utf8").catch(() => "");
  const environment = async (): Promise<NodeJS.ProcessEnv> => ({
    ...process.env,
    ...SAMPLE_VARIABLES,
    ...overridesOf(await read(), sandbox, port),
    HOME: home,
    PATH: `${join(home, "bin")}:${process.env["PATH"] ?? ""}`,
    NO_COLOR: "1",
    FORCE_COLOR: "0",
    REVKA_GATEWAY_PORT: "0",
  });
  const elsewhere: readonly (readonly [usual: string, here: () => string])[] = [
    ["http://127.0.0.1:42617", () => opsUrl],
    ["http://127.0.0.1:42680", () => sandbox.url],
    ["127.0.0.1:8081", () => `127.0.0.1:${port}`],
  ];
  const translate = (command: string): string => elsewhere.reduce((text, [usual, here]) => text.replaceAll(usual, here()), command);

  async function start(command: string, output: readonly string[]): Promise<void> {
    const background = inBackground(command, home, await environment());
    going.push(background);
    await background.until((printed) => firstMissing([...output, "…Ctrl+C…"], printed) === undefined);
    opsUrl = /Gateway: +(http:\S+)/.exec(background.printed())?.[1] ?? opsUrl;
  }

  return {
    start,
    async type(command) {
      const before = await read();
      const seen = going.map(({ printed }) => reloadsIn(printed()));
      const { exitCode, stdout } = await run("sh", ["-c", `{ ${translate(command)}\n} 2>&1`], { cwd: home, env: (await environment()) as Record<string, string> });
      if ((await read()) !== before) await Promise.all(going.map(({ until }, index) => until((printed) => reloadsIn(printed) > (seen[index] ?? 0))));
      return { exitCode, printed: stdout };
    },
    stop: () => Promise.all(going.splice(0).map(({ end }) => end())),
    async [Symbol.asyncDispose]() {
      await Promise.all(going.splice(0).map(({ end }) => end()));
      await sandbox.close();
    },
  };
}

function reloadsIn(printed: string): number {
  return printed.match(RELOADED)?.length ?? 0;
}

/** Variables that lead each section of the file to the sandbox. */
function overridesOf(config: string, sandbox: Sandbox, port: string): Record<string, string> {
  const channels = (parse(config)["channels_config"] ?? {}) as Readonly<Record<string, unknown>>;
  const variable = (name: string, key: string): string => `REVKA_CHANNELS_${name.toUpperCase()}_${key.toUpperCase()}`;
  return Object.fromEntries(
    PLATFORMS.flatMap((platform) => {
      const own = channels[platform];
      if (typeof own !== "object" || own === null) return [];
      const values = Object.entries(sandbox.settingsFor(platform).values);
      return [...values, ...("port" in own ? [["port", port] as const] : [])].map(([key, value]) => [variable(platform, key), String(value)] as const);
    }),
  );
}

function inBackground(command: string, cwd: string, env: NodeJS.ProcessEnv): Background {
  const child = spawn("sh", ["-c", `exec ${command}`], { cwd, env });
  const news = new EventEmitter().setMaxListeners(0);
  const ended = once(child, "exit").then(([code]) => {
    news.emit("text");
    return code as number | null;
  });
  let printed = "";
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      news.emit("text");
    });
  }
  return {
    printed: () => printed,
    async until(isThere) {
      while (!isThere(printed)) {
        if (isOver) throw new RangeError(`${command} ended:\n${printed}`);
        await Promise.race([once(news, "text"), ended]);
      }
    },
    end() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
