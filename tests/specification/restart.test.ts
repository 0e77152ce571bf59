import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startDaemon, type Daemon } from "../support/daemon.ts";
import { atWork, openSandbox, sectionOf } from "../support/sections.ts";
import { cli, revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { runInPty, whyNoPty } from "../support/terminal.ts";

const noPty = whyNoPty();
if (noPty !== undefined) process.stderr.write(`The wizard is not tested in a terminal: ${noPty}\n`);

const KEY = { down: "\u001B[B", enter: "\r" } as const;
const KEEP = "";

/** Sets up one channel as a person does: an answer for each key that is asked, `KEEP` for what stands there. */
async function onboard(folder: string, label: string, answers: readonly (readonly [key: string, answer: string])[]): Promise<void> {
  const line = `${process.execPath} --no-warnings --conditions=@revka/source ${cli} onboard --channels-only`;
  await using wizard = runInPty(line, { ...process.env, REVKA_CONFIG_DIR: folder, TERM: "xterm-256color", NO_COLOR: "1" });
  await wizard.shown(/Which channel\?/);
  while (!(await wizard.shown(/● ([^\n]+)\n/)).startsWith(label)) wizard.type(KEY.down);
  wizard.type(KEY.enter);
  for (const [key, answer] of answers) {
    await wizard.shown(new RegExp(`◆ +${key}`));
    wizard.type(answer + KEY.enter);
  }
  await wizard.shown(/Another channel\?/);
  wizard.type(KEY.enter);
  expect(await wizard.exitCode, wizard.screen).toBe(0);
  expect(wizard.screen).toContain("Next: revka channel doctor, then revka daemon.");
}

/** A folder with this configuration, which daemons may come to and go from. */
async function openFolder(config: string) {
  const folder = await tempFolder();
  const file = join(folder, "config.toml");
  await writeFile(file, config, { mode: 0o600 });
  let daemon: Daemon | undefined;
  const stop = async (): Promise<void> => {
    daemon?.signal("SIGTERM");
    expect(await daemon?.ended).toBe(0);
  };
  return {
    folder,
    stop,
    start: async () => (daemon = await startDaemon(folder)),
    edit: async (from: RegExp, to: string) => {
      const text = await readFile(file, "utf8");
      expect(text).toMatch(from);
      await writeFile(file, text.replace(from, to));
    },
  };
}

describe.skipIf(noPty !== undefined)("what `revka onboard --channels-only` or an editor has written", { timeout: 60_000 }, () => {
  it("holds for DingTalk once the daemon was started again (DT-06)", async () => {
    const sandbox = await openSandbox();
    const { dingtalk } = sandbox;
    const { folder, start, stop, edit } = await openFolder(sectionOf(sandbox, "dingtalk", { allowed_users: ["staff-9"] }));
    await onboard(folder, "DingTalk", [["client_id", KEEP], ["client_secret", KEEP], ["allowed_users", ", staff-1"], ["proxy_url", KEEP]]);
    await start();
    await dingtalk.nextConnection();
    dingtalk.say("staff-1", "let in by the wizard");
    expect(await dingtalk.nextReply()).toMatchObject({ user: "staff-1", text: "let in by the wizard" });

    await stop();
    await edit(/staff-1/, "staff-2");
    await start();
    await dingtalk.nextConnection();
    dingtalk.say("staff-1", "out again");
    dingtalk.say("staff-2", "let in by hand");
    expect(await dingtalk.nextReply()).toMatchObject({ user: "staff-2", text: "let in by hand" });
  });

  it("holds for Mochat once the daemon was started again (MOCHAT-08)", async () => {
    const sandbox = await openSandbox();
    const { mochat } = sandbox;
    const { folder, start, stop, edit } = await openFolder(sectionOf(sandbox, "mochat", { allowed_users: ["user-9"] }));
    await onboard(folder, "Mochat", [["api_url", KEEP], ["api_token", KEEP], ["allowed_users", ", user-1"], ["poll_interval_secs", KEEP]]);
    await start();
    await mochat.nextPoll();
    mochat.say("user-1", "let in by the wizard");
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "let in by the wizard" });

    await stop();
    await edit(/user-1/, "user-2");
    await start();
    await mochat.nextPoll();
    mochat.say("user-1", "out again");
    mochat.say("user-2", "let in by hand");
    expect(await mochat.nextReply("user-2")).toMatchObject({ text: "let in by hand" });
    expect(mochat.sent).toHaveLength(2);
  });

  it("holds for WeCom once the daemon was started again (WECOM-07)", async () => {
    const [first, second, third] = ["10000000-0000-4000-8000-000000000001", "20000000-0000-4000-8000-000000000002", "30000000-0000-4000-8000-000000000003"] as const;
    const sandbox = await openSandbox({ wecom: { keys: [first, second, third] } });
    const { wecom } = sandbox;
    const { folder, start, stop, edit } = await openFolder(sectionOf(sandbox, "wecom"));
    const send = async (text: string): Promise<unknown> => {
      await atWork(sandbox, "wecom", await start());
      expect(await revka(["channel", "send", text, "--channel-id", "wecom", "--config", folder])).toMatchObject({ exitCode: 0, stderr: "" });
      await stop();
      return wecom.sent().at(-1);
    };
    expect(await send("by the first bot")).toMatchObject({ key: first, text: "by the first bot" });
    await onboard(folder, "WeCom", [["webhook_key", second], ["Post it", KEEP]]);
    expect(await send("by the wizard's")).toMatchObject({ key: second, text: "by the wizard's" });
    await edit(/webhook_key = ".*"/, `webhook_key = "${third}"`);
    expect(await send("by the editor's")).toMatchObject({ key: third, text: "by the editor's" });
  });
});
