import { spawn } from "node:child_process";
import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startSandbox, type PlatformName, type Sandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { cli } from "./support/revka.ts";
import { tempFolder } from "./support/temp-folder.ts";

/** `revka daemon` in a process of its own, on a configuration that the test edits. */
interface Daemon {
  readonly edit: (config: string) => Promise<void>;
  readonly signal: (name: "SIGHUP" | "SIGTERM") => void;
  /** Resolves with the next log line that has this message and that no call has given yet. */
  readonly logged: (message: string | RegExp) => Promise<Readonly<Record<string, unknown>>>;
  readonly ended: Promise<number | null>;
}

async function startDaemon(config: string): Promise<Daemon> {
  const folder = await tempFolder();
  const file = join(folder, "config.toml");
  // As editors do: a new file in the place of the old.
  const edit = async (text: string): Promise<void> => {
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  await edit(config);
  const env = { ...process.env, REVKA_GATEWAY_PORT: "0" };
  const child = spawn(process.execPath, ["--conditions=@revka/source", "--no-warnings", cli, "daemon", "--config", file], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const lines: Readonly<Record<string, unknown>>[] = [];
  const waiting = new Set<() => void>();
  createInterface(child.stderr).on("line", (line) => {
    lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
    for (const check of waiting) check();
  });
  const logged: Daemon["logged"] = (message) =>
    new Promise((resolve) => {
      const check = (): void => {
        const index = lines.findIndex(({ msg }) => (typeof message === "string" ? msg === message : message.test(String(msg))));
        const [found] = index === -1 ? [] : lines.splice(index, 1);
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  child.stdout.resume();
  return { edit, signal: (name) => void child.kill(name), logged, ended };
}

async function openSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
}

function sectionOf(sandbox: Sandbox, platform: PlatformName, over: Readonly<Record<string, unknown>> = {}): string {
  const { section, values } = sandbox.settingsFor(platform);
  const keys = Object.entries({ allowed_users: ["*"], ...values, ...over }).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return [`[channels_config.${section}]`, ...keys, ""].join("\n");
}

describe("editing the configuration of a running daemon", () => {
  it("answers what a channel had accepted before it was restarted, and lets in whom the new section names", async () => {
    const sandbox = await openSandbox();
    const { dingtalk } = sandbox;
    const agent = '[agent]\nkind = "echo"\ndelay_ms = 1000\n';
    const daemon = await startDaemon(agent + sectionOf(sandbox, "dingtalk"));
    const before = await dingtalk.nextConnection();
    for (const text of ["running", "waiting"]) {
      dingtalk.say("staff-1", text);
      await dingtalk.nextAck();
    }
    await daemon.edit(agent + sectionOf(sandbox, "dingtalk", { allowed_users: ["staff-2"] }));
    expect(await daemon.logged("Configuration applied")).toMatchObject({ restarted: ["dingtalk"], added: [], removed: [] });
    expect((await dingtalk.nextConnection()).id).not.toBe(before.id);
    for (const text of ["running", "waiting"]) expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text });
    dingtalk.say("staff-1", "no longer let in");
    dingtalk.say("staff-2", "let in now");
    expect(await dingtalk.nextReply("staff-2")).toMatchObject({ text: "let in now" });
    expect(dingtalk.sent).toHaveLength(3);
    daemon.signal("SIGTERM");
    expect(await daemon.ended).toBe(0);
  });

  it("restarts only the channel whose section changed", async () => {
    const sandbox = await openSandbox();
    const { mochat, dingtalk } = sandbox;
    const daemon = await startDaemon(sectionOf(sandbox, "dingtalk") + sectionOf(sandbox, "mochat", { allowed_users: [] }));
    const connection = await dingtalk.nextConnection();
    await mochat.nextPoll();
    await daemon.edit(sectionOf(sandbox, "dingtalk") + sectionOf(sandbox, "mochat"));
    expect(await daemon.logged("Configuration applied")).toMatchObject({ restarted: ["mochat"], added: [], removed: [] });
    mochat.say("user-1", "let in now");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "let in now" });
    expect(dingtalk.connections.map(({ id }) => id)).toEqual([connection.id]);
  });

  it("starts the channel of a new section, and stops that of one which went", async () => {
    const sandbox = await openSandbox();
    const { mochat, dingtalk } = sandbox;
    const daemon = await startDaemon(sectionOf(sandbox, "mochat"));
    await mochat.nextPoll();
    await daemon.edit(sectionOf(sandbox, "mochat") + sectionOf(sandbox, "dingtalk"));
    expect(await daemon.logged("Configuration applied")).toMatchObject({ restarted: [], added: ["dingtalk"], removed: [] });
    const connection = await dingtalk.nextConnection();
    dingtalk.say("staff-1", "hello");
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "hello" });
    await daemon.edit(sectionOf(sandbox, "mochat"));
    expect(await daemon.logged("Configuration applied")).toMatchObject({ removed: ["dingtalk"] });
    await connection.closed;
    expect(dingtalk.connections).toEqual([]);
    mochat.say("user-1", "still here");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "still here" });
  });

  it("changes nothing while the file is broken, says every problem, and names what only a restart applies", async () => {
    const sandbox = await openSandbox();
    const { mochat } = sandbox;
    const daemon = await startDaemon(sectionOf(sandbox, "mochat"));
    await mochat.nextPoll();
    await daemon.edit(`${sectionOf(sandbox, "mochat", { poll_interval_secs: 0, api_url: "nowhere" })}[log]\nlevel = "loud"\n`);
    await daemon.logged(/poll_interval_secs: found a number \(0\)/);
    await daemon.logged(/api_url: found a string/);
    await daemon.logged(/\[log\] level: found/);
    await daemon.logged("The changed configuration is not applied: everything goes on as it was");
    mochat.say("user-1", "still answered");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "still answered" });
    await daemon.edit(`${sectionOf(sandbox, "mochat")}[state]\nsynchronous = "full"\n`);
    await daemon.logged("Changed, but not applied while running: [state]; restart revka daemon");
  });

  it("logs as much as the file says now", async () => {
    const sandbox = await openSandbox();
    const daemon = await startDaemon(`${sectionOf(sandbox, "mochat")}[log]\nlevel = "warn"\n`);
    await sandbox.mochat.nextPoll();
    await daemon.edit(`${sectionOf(sandbox, "mochat")}[log]\nlevel = "info"\n`);
    expect(await daemon.logged("Configuration applied")).toMatchObject({ level: "info", restarted: [], tables: ["level of [log]"] });
  });

  it("has the channels connect anew that go by a [proxy] which changed, and no others", async () => {
    const sandbox = await openSandbox();
    const { mochat, dingtalk } = sandbox;
    const channels = sectionOf(sandbox, "mochat") + sectionOf(sandbox, "dingtalk", { proxy_url: "direct" });
    const daemon = await startDaemon(channels);
    const connection = await dingtalk.nextConnection();
    await mochat.nextPoll();
    for (const proxy of ["direct", "direct"]) expect(await daemon.logged("Channel configured")).toMatchObject({ proxy });
    await daemon.edit(`${channels}[proxy]\nenabled = true\nall_proxy = "http://127.0.0.1:9"\n`);
    expect(await daemon.logged("Channel configured")).toMatchObject({ channel: "mochat", proxy: "direct" }); // its platform is on this machine
    expect(await daemon.logged("Configuration applied")).toMatchObject({ restarted: ["mochat"], tables: ["[proxy]"] });
    mochat.say("user-1", "hello");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "hello" });
    expect(dingtalk.connections.map(({ id }) => id)).toEqual([connection.id]);
  });

  it("reads the file again on SIGHUP", async () => {
    const sandbox = await openSandbox();
    const daemon = await startDaemon(sectionOf(sandbox, "mochat"));
    await sandbox.mochat.nextPoll();
    daemon.signal("SIGHUP");
    await daemon.logged("Reading the configuration again");
    await daemon.logged("Configuration read again; nothing has changed");
  });
});
