import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startDaemon, type Daemon } from "./support/daemon.ts";
import { openSandbox, sectionOf } from "./support/sections.ts";
import { tempFolder } from "./support/temp-folder.ts";

/** A daemon on a configuration that the test edits. */
interface EditedDaemon extends Daemon {
  readonly edit: (config: string) => Promise<void>;
}

async function startEdited(config: string): Promise<EditedDaemon> {
  const folder = await tempFolder();
  const file = join(folder, "config.toml");
  // As editors do: a new file in the place of the old.
  const edit = async (text: string): Promise<void> => {
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  return { ...(await startDaemon(folder, config)), edit };
}

describe("editing the configuration of a running daemon", () => {
  it("answers what a channel had accepted before it was restarted, and lets in whom the new section names", async () => {
    const sandbox = await openSandbox();
    const { dingtalk } = sandbox;
    const agent = '[agent]\nkind = "echo"\ndelay_ms = 1000\n';
    const daemon = await startEdited(agent + sectionOf(sandbox, "dingtalk"));
    const before = await dingtalk.nextConnection();
    for (const text of ["running", "waiting"]) {
      dingtalk.say("staff-1", text);
      await dingtalk.nextAck();
    }
    await daemon.edit(agent + sectionOf(sandbox, "dingtalk", { allowed_users: ["staff-2"] }));
    expect(await daemon.nextLogged("Configuration applied")).toMatchObject({ restarted: ["dingtalk"], added: [], removed: [] });
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
    const daemon = await startEdited(sectionOf(sandbox, "dingtalk") + sectionOf(sandbox, "mochat", { allowed_users: [] }));
    const connection = await dingtalk.nextConnection();
    await mochat.nextPoll();
    await daemon.edit(sectionOf(sandbox, "dingtalk") + sectionOf(sandbox, "mochat"));
    expect(await daemon.nextLogged("Configuration applied")).toMatchObject({ restarted: ["mochat"], added: [], removed: [] });
    mochat.say("user-1", "let in now");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "let in now" });
    expect(dingtalk.connections.map(({ id }) => id)).toEqual([connection.id]);
  });

  it("leaves Feishu alone when Lark's section changes", async () => {
    const sandbox = await openSandbox();
    const { lark, feishu } = sandbox;
    const daemon = await startEdited(sectionOf(sandbox, "lark", { allowed_users: [] }) + sectionOf(sandbox, "feishu"));
    const [before, connection] = [await lark.nextConnection(), await feishu.nextConnection()];
    await daemon.edit(sectionOf(sandbox, "lark") + sectionOf(sandbox, "feishu"));
    expect(await daemon.nextLogged("Configuration applied")).toMatchObject({ restarted: ["lark"], added: [], removed: [] });
    expect((await lark.nextConnection()).id).not.toBe(before.id);
    for (const platform of [lark, feishu]) {
      platform.say("ou_ann", "hello");
      expect(await platform.nextReply("ou_ann")).toMatchObject({ text: "hello" });
    }
    expect(feishu.connections.map(({ id }) => id)).toEqual([connection.id]);
  });

  it("starts the channel of a new section, and stops that of one which went", async () => {
    const sandbox = await openSandbox();
    const { mochat, dingtalk } = sandbox;
    const daemon = await startEdited(sectionOf(sandbox, "mochat"));
    await mochat.nextPoll();
    await daemon.edit(sectionOf(sandbox, "mochat") + sectionOf(sandbox, "dingtalk"));
    expect(await daemon.nextLogged("Configuration applied")).toMatchObject({ restarted: [], added: ["dingtalk"], removed: [] });
    const connection = await dingtalk.nextConnection();
    dingtalk.say("staff-1", "hello");
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "hello" });
    await daemon.edit(sectionOf(sandbox, "mochat"));
    expect(await daemon.nextLogged("Configuration applied")).toMatchObject({ removed: ["dingtalk"] });
    await connection.closed;
    expect(dingtalk.connections).toEqual([]);
    mochat.say("user-1", "still here");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "still here" });
  });

  it("changes nothing while the file is broken, says every problem, and names what only a restart applies", async () => {
    const sandbox = await openSandbox();
    const { mochat } = sandbox;
    const daemon = await startEdited(sectionOf(sandbox, "mochat"));
    await mochat.nextPoll();
    await daemon.edit(`${sectionOf(sandbox, "mochat", { poll_interval_secs: 0, api_url: "nowhere" })}[log]\nlevel = "loud"\n`);
    await daemon.nextLogged(/poll_interval_secs: found a number \(0\)/);
    await daemon.nextLogged(/api_url: found a string/);
    await daemon.nextLogged(/\[log\] level: found/);
    await daemon.nextLogged("The changed configuration is not applied: everything goes on as it was");
    mochat.say("user-1", "still answered");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "still answered" });
    await daemon.edit(`${sectionOf(sandbox, "mochat")}[state]\nsynchronous = "full"\n`);
    await daemon.nextLogged("Changed, but not applied while running: [state]; restart revka daemon");
  });

  it("logs as much as the file says now", async () => {
    const sandbox = await openSandbox();
    const daemon = await startEdited(`${sectionOf(sandbox, "mochat")}[log]\nlevel = "warn"\n`);
    await sandbox.mochat.nextPoll();
    await daemon.edit(`${sectionOf(sandbox, "mochat")}[log]\nlevel = "info"\n`);
    expect(await daemon.nextLogged("Configuration applied")).toMatchObject({ level: "info", restarted: [], tables: ["level of [log]"] });
  });

  it("has the channels connect anew that go by a [proxy] which changed, and no others", async () => {
    const sandbox = await openSandbox();
    const { mochat, dingtalk } = sandbox;
    const channels = sectionOf(sandbox, "mochat") + sectionOf(sandbox, "dingtalk", { proxy_url: "direct" });
    const daemon = await startEdited(channels);
    const connection = await dingtalk.nextConnection();
    await mochat.nextPoll();
    for (const proxy of ["direct", "direct"]) expect(await daemon.nextLogged("Channel configured")).toMatchObject({ proxy });
    await daemon.edit(`${channels}[proxy]\nenabled = true\nall_proxy = "http://127.0.0.1:9"\n`);
    expect(await daemon.nextLogged("Channel configured")).toMatchObject({ channel: "mochat", proxy: "direct" }); // its platform is on this machine
    expect(await daemon.nextLogged("Configuration applied")).toMatchObject({ restarted: ["mochat"], tables: ["[proxy]"] });
    mochat.say("user-1", "hello");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "hello" });
    expect(dingtalk.connections.map(({ id }) => id)).toEqual([connection.id]);
  });

  it("reads the file again on SIGHUP", async () => {
    const sandbox = await openSandbox();
    const daemon = await startEdited(sectionOf(sandbox, "mochat"));
    await sandbox.mochat.nextPoll();
    daemon.signal("SIGHUP");
    await daemon.nextLogged("Reading the configuration again");
    await daemon.nextLogged("Configuration read again; nothing has changed");
  });
});
