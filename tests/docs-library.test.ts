import { once } from "node:events";
import { spawn } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import ts from "typescript";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startPigeonServer } from "./docs/own-channel/pigeon-server.ts";
import { startDaemon } from "./support/daemon.ts";
import { blocksOf } from "./support/markdown.ts";
import { revka } from "./support/revka.ts";
import { tempFolder } from "./support/temp-folder.ts";

const docs = fileURLToPath(new URL("docs", import.meta.url));
const TOKEN = "pigeon-token";

/** Every sample file of a folder, by its name. */
function filesOf(folder: string): ReadonlyMap<string, string> {
  const names = globSync("*.{ts,json}", { cwd: join(docs, folder) });
  return new Map(names.map((name) => [name, readFileSync(join(docs, folder, name), "utf8")]));
}

/** Whether a block is a file, or whole statements of one, line for line. */
function isTakenFrom(block: string, file: string): boolean {
  const { parseDiagnostics } = ts.createSourceFile("block.ts", block, ts.ScriptTarget.Latest) as ts.SourceFile & { readonly parseDiagnostics: readonly unknown[] };
  return `\n${file}`.includes(`\n${block}`) && parseDiagnostics.length === 0;
}

describe("the samples of the developer's pages", () => {
  it.each([
    ["docs/guides/library.md", "library"],
    ["docs/guides/own-channel.md", "own-channel"],
  ])("are the files that the tests run: %s", (page, folder) => {
    const files = [...filesOf(folder).values()];
    const blocks = blocksOf(page, "ts");
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.filter((block) => !files.some((file) => isTakenFrom(block, file)))).toEqual([]);
  });

  it("show every program that uses a channel as a library", () => {
    const blocks = blocksOf("docs/guides/library.md", "ts");
    const unseen = [...filesOf("library")].filter(([, file]) => !blocks.some((block) => isTakenFrom(block, file))).map(([name]) => name);
    expect(unseen).toEqual([]);
  });

  it("have the package of the own channel as it is", () => {
    expect(blocksOf("docs/guides/own-channel.md", "json")).toEqual([filesOf("own-channel").get("package.json")]);
  });
});

/** A sample program that runs. */
interface Program {
  /** What it said, once it is over. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly stderr: string }>;
  /** Ctrl+C. */
  readonly interrupt: () => void;
}

/** Runs a program of the page in a process of its own; it is gone when the test is over. */
function startProgram(name: string, env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(process.execPath, ["--conditions=@revka/source", "--no-warnings", join(docs, "library", name)], { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, "close").then(([exitCode]) => ({ exitCode: exitCode as number | null, stderr }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { ended, interrupt: () => void child.kill("SIGINT") };
}

async function openSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
}

describe("a channel as a library", () => {
  it("answers, and ends when it is asked to: echo-bot.ts", async () => {
    const { mochat } = await openSandbox();
    mochat.say("user-1", "hello");
    const bot = startProgram("echo-bot.ts", { MOCHAT_URL: mochat.url, MOCHAT_TOKEN: mochat.token });
    expect((await mochat.nextReply("user-1")).text).toBe("You said: hello");
    bot.interrupt();
    expect(await bot.ended).toEqual({ exitCode: 0, stderr: "" });
  });

  it("keeps what it needs to answer in a file of its own: durable-bot.ts", async () => {
    const { dingtalk } = await openSandbox();
    const file = join(await tempFolder(), "bot.sqlite");
    const bot = startProgram("durable-bot.ts", { DINGTALK_ID: dingtalk.clientId, DINGTALK_SECRET: dingtalk.clientSecret, DINGTALK_URL: dingtalk.url, STATE_FILE: file });
    await dingtalk.nextConnection();
    dingtalk.say("staff-1", "hello");
    expect(await dingtalk.nextReply()).toMatchObject({ text: "You said: hello" });
    bot.interrupt();
    expect(await bot.ended).toMatchObject({ exitCode: 0 });
    using database = new DatabaseSync(file, { readOnly: true });
    const kept = database.prepare("SELECT value FROM state").all().map(({ value }) => String(value));
    expect(kept).toContainEqual(expect.stringMatching(/sendBySession\?session=.*"chat:staff-1"/));
  });

  it("sends one message and ends: notify.ts", async () => {
    const { wecom } = await openSandbox();
    const { ended } = startProgram("notify.ts", { WECOM_KEY: wecom.key, WECOM_URL: wecom.url });
    expect(await ended).toEqual({ exitCode: 0, stderr: "" });
    expect(wecom.sent().map(({ text }) => text)).toEqual(["Deploy 41 is finished."]);
  });

  it("tells a wrong key by its exit code: notify.ts", async () => {
    const { wecom } = await openSandbox();
    const { ended } = startProgram("notify.ts", { WECOM_KEY: "no-such-key", WECOM_URL: wecom.url });
    expect(await ended).toMatchObject({ exitCode: 78, stderr: expect.stringContaining("WeCom API error (errcode=93000)") as string });
  });

  it("is tested against the sandbox, without credentials: sandbox-test.ts", async () => {
    expect(await startProgram("sandbox-test.ts").ended).toEqual({ exitCode: 0, stderr: "" });
  });

  it("serves a gateway with an agent of one's own: own-agent.ts", async () => {
    const { mochat } = await openSandbox();
    mochat.say("user-1", "one two three");
    const gateway = startProgram("own-agent.ts", { MOCHAT_URL: mochat.url, MOCHAT_TOKEN: mochat.token, STATE_FOLDER: await tempFolder() });
    expect((await mochat.nextReply("user-1")).text).toBe('3 words, the last is "three".');
    gateway.interrupt();
    expect(await gateway.ended).toEqual({ exitCode: 0, stderr: "" });
  });
});

/**
 * A folder with the own channel, built and installed as its page says, and revka made to look for it there: the sources
 * that a test runs lie where nobody installs anything.
 */
async function installPigeon(): Promise<string> {
  const home = await tempFolder();
  const target = join(home, "node_modules/revka-channel-pigeon");
  await mkdir(join(target, "dist"), { recursive: true });
  await mkdir(join(home, "node_modules/@revka"));
  await symlink(fileURLToPath(new URL("../packages/core", import.meta.url)), join(home, "node_modules/@revka/core"));
  await cp(join(docs, "own-channel/package.json"), join(target, "package.json"));
  for (const name of ["api", "channel", "definition", "inbound"]) await writeFile(join(target, `dist/${name}.js`), built(await readFile(join(docs, "own-channel", `${name}.ts`), "utf8")));
  const parentURL = JSON.stringify(pathToFileURL(join(home, "revka.js")).href);
  const hooks = `import { registerHooks } from "node:module";
    registerHooks({ resolve: (name, context, next) => next(name, name.startsWith("revka-channel-pigeon/") ? { ...context, parentURL: ${parentURL} } : context) });`;
  vi.stubEnv("NODE_OPTIONS", `--import=data:text/javascript,${encodeURIComponent(hooks)}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return home;
}

function built(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2024, rewriteRelativeImportExtensions: true, verbatimModuleSyntax: true },
  });
  return outputText;
}

const configFor = (url: string): string => `plugins = ["revka-channel-pigeon"]

[channels_config.pigeon]
url = "${url}"
token = "${TOKEN}"
allowed_users = ["ann"]

[ops]
enabled = false

[agent]
kind = "echo"
`;

describe("a channel of one's own", () => {
  it("is loaded by the gateway as a plugin, answers whom it may, and stops with it", async () => {
    const home = await installPigeon();
    await using server = await startPigeonServer(TOKEN);
    const daemon = await startDaemon(home, configFor(server.url));
    const denied = await server.say("let me in", "bob");
    const accepted = await server.say("coo", "ann");
    await Promise.all([server.handled(denied), server.handled(accepted)]);
    expect(await server.firstSent).toBe("coo");
    expect(await daemon.end("SIGTERM")).toBe(0);
    expect(server.sent()).toEqual(["coo"]);
    expect(daemon.output()).not.toContain(TOKEN);
  });

  it("is listed and probed like the others", async () => {
    const home = await installPigeon();
    await using server = await startPigeonServer(TOKEN);
    await writeFile(join(home, "config.toml"), configFor(server.url), { mode: 0o600 });
    expect((await revka(["channel", "list", "--config", home])).stdout).toMatch(/✅ Pigeon +HTTP polling/);
    expect(await revka(["channel", "doctor", "--config", home])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/✅ pigeon +healthy/) as string });
    await server.fail("unauthorized");
    expect(await revka(["channel", "doctor", "--config", home])).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("Pigeon answered 401 Unauthorized") as string });
  });
});
