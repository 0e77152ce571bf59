import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startDaemon } from "../support/daemon.ts";
import { openSandbox, sectionOf } from "../support/sections.ts";

describe("a second daemon on the folder of one that runs", { timeout: 60_000 }, () => {
  it.each(["daemon", "channel start"])("is refused with a sentence and 1, and the first goes on: revka %s", async (command) => {
    const sandbox = await openSandbox();
    const { dingtalk } = sandbox;
    const folder = await tempFolder();
    const first = await startDaemon(folder, sectionOf(sandbox, "dingtalk"));
    const { id } = await dingtalk.nextConnection();
    const state = JSON.parse(await readFile(join(folder, "daemon_state.json"), "utf8")) as { readonly pid: number };

    const { exitCode, stderr } = await revka([...command.split(" "), "--config", folder], { env: { REVKA_GATEWAY_PORT: "0" } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Another revka is already running on ${folder}: stop it first, or give this one a folder of its own\n`);
    expect(JSON.parse(await readFile(join(folder, "daemon_state.json"), "utf8"))).toMatchObject({ pid: state.pid, state: "running" });
    dingtalk.say("staff-1", "still there?");
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "still there?" });
    expect(dingtalk.connections.map((connection) => connection.id)).toEqual([id]);

    first.signal("SIGKILL");
    await first.ended;
    await startDaemon(folder);
    await dingtalk.nextConnection();
  });
});

describe("commands beside a daemon that runs", { timeout: 60_000 }, () => {
  it("list what it gave up, and have it answer that or forget it, at once", async () => {
    const sandbox = await openSandbox();
    const { mochat } = sandbox;
    const folder = await tempFolder();
    const daemon = await startDaemon(folder, sectionOf(sandbox, "mochat"));
    const inbox = (...args: readonly string[]) => revka(["inbox", ...args, "--config", folder]);
    mochat.behave({ sendCode: 40_001 });
    mochat.say("user-1", "one");
    mochat.say("user-2", "two");
    while (!(await (await fetch(`${daemon.opsUrl}/metrics`)).text()).includes('revka_dead_letters_total{channel="mochat"} 2'));
    const listed = JSON.parse((await inbox("list", "--json", "--with-text")).stdout) as { readonly dead: readonly { readonly seq: number; readonly text: string }[] };
    expect(listed.dead).toMatchObject([{ seq: 2, channel: "mochat", text: "two" }, { seq: 1, channel: "mochat", text: "one" }]);

    mochat.behave({ sendCode: 0 });
    expect(await inbox("replay", "1")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "one" });
    expect(await inbox("drop", "2")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await inbox("drop", "2")).toMatchObject({ exitCode: 1 });
    expect((await inbox("list")).stdout).toContain("No message was given up.");
    expect(mochat.sent).toHaveLength(1);
  });

  it("send through it what only it knows how to, and everything else as well", async () => {
    const sandbox = await openSandbox();
    const { dingtalk, mochat, qq } = sandbox;
    const folder = await tempFolder();
    const daemon = await startDaemon(folder, (["dingtalk", "mochat", "qq"] as const).map((name) => sectionOf(sandbox, name)).join("\n"));
    await Promise.all([dingtalk.nextConnection(), qq.nextLogin()]);
    dingtalk.say("staff-1", "hello");
    await dingtalk.nextReply("staff-1");
    qq.meet("user-1");
    const logins = sandbox.record.entries.filter(({ path }) => path === "/app/getAppAccessToken").length;
    for (const [channel, recipient] of [["dingtalk", "staff-1"], ["mochat", "user-1"], ["qq", "user:user-1"]] as const) {
      expect(await revka(["channel", "send", `to ${channel}`, "--channel-id", channel, "--recipient", recipient, "--config", folder])).toMatchObject({ exitCode: 0, stderr: "" });
    }
    expect([dingtalk.sent.at(-1)?.text, mochat.sent.at(-1)?.text, qq.sent.at(-1)?.text]).toEqual(["to dingtalk", "to mochat", "to qq"]);
    const report = join(folder, "report.txt");
    await writeFile(report, "all is well");
    expect(await revka(["channel", "send", "--file", report, "--channel-id", "qq", "--recipient", "user:user-1", "--config", folder])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(qq.sent.at(-1)).toMatchObject({ kind: "media", media: { name: "report.txt", size: 11 } });
    // The daemon has its token already: a command that sends by itself asks for another.
    expect(sandbox.record.entries.filter(({ path }) => path === "/app/getAppAccessToken")).toHaveLength(logins);
    daemon.signal("SIGTERM");
    expect(await daemon.ended).toBe(0);
  });
});
