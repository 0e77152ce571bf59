import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startSandbox } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { cli, revka } from "./support/revka.ts";
import { tempFolder } from "./support/temp-folder.ts";
import { runInPty, whyNoPty, type PtyProgram } from "./support/terminal.ts";

const noPty = whyNoPty();
if (noPty !== undefined) process.stderr.write(`The wizard is not tested in a terminal: ${noPty}\n`);

const KEY = { down: "\u001B[B", enter: "\r", interrupt: "\u0003" } as const;
const BEFORE = '# mine, all mine\n[agent]\nkind   =  "echo" # odd spaces\n\n[something.else]\nx = { y = 1,   z = 2 }\n';

async function openWizard(before = BEFORE): Promise<{ readonly folder: string; readonly wizard: PtyProgram }> {
  const folder = await tempFolder();
  await writeFile(join(folder, "config.toml"), before, { mode: 0o600 });
  const line = `${process.execPath} --no-warnings --conditions=@revka/source ${cli} onboard --channels-only`;
  return { folder, wizard: runInPty(line, { ...process.env, REVKA_CONFIG_DIR: folder, TERM: "xterm-256color", NO_COLOR: "1" }) };
}

/** Moves the mark down until it stands at `label`, and takes it. */
async function choose(wizard: PtyProgram, label: string): Promise<void> {
  while (!(await wizard.shown(/● ([^\n]+)\n/)).startsWith(label)) wizard.type(KEY.down);
  wizard.type(KEY.enter);
}

describe.skipIf(noPty !== undefined)("the wizard in a real terminal", () => {
  it("sets up a channel that the platform takes, and touches no other byte (GW-03)", async () => {
    await using sandbox = await startSandbox();
    const { folder, wizard: program } = await openWizard();
    await using wizard = program;
    await wizard.shown(/Which channel\?/);
    await choose(wizard, "Mochat");
    await wizard.shown(/api_url/);
    wizard.type(sandbox.mochat.url + KEY.enter);
    await wizard.shown(/api_token/);
    wizard.type(sandbox.mochat.token + KEY.enter);
    await wizard.shown(/allowed_users/);
    wizard.type(`*${KEY.enter}`);
    await wizard.shown(/poll_interval_secs/);
    wizard.type(KEY.enter);
    await wizard.shown(/Mochat takes them\./);
    await wizard.shown(/Another channel\?/);
    wizard.type(KEY.enter);
    expect(await wizard.exitCode, wizard.screen).toBe(0);
    expect(wizard.screen).not.toContain(sandbox.mochat.token);
    const after = await readFile(join(folder, "config.toml"), "utf8");
    expect(after.startsWith(`${BEFORE}\n[channels_config.mochat]\n`)).toBe(true);
    expect(await revka(["channel", "doctor"], { env: { REVKA_CONFIG_DIR: folder } })).toMatchObject({ exitCode: 0 });
  });

  it("offers what stands in the file, keeps the secret that is not typed again, and changes the one line that was changed (GW-03)", async () => {
    await using sandbox = await startSandbox();
    const { url, token } = sandbox.mochat;
    const before = `# ours\n[channels_config.mochat] # the desk\napi_url   = "${url}" # do not move\napi_token = "${token}"\nallowed_users = [\n  "u-1", # Ann\n  "u-2", # Bob\n]\n\npoll_interval_secs = 3\n${BEFORE}`;
    const { folder, wizard: program } = await openWizard(before);
    await using wizard = program;
    await wizard.shown(/Which channel\?/);
    await choose(wizard, "Mochat");
    await wizard.shown(new RegExp(url));
    wizard.type(KEY.enter);
    await wizard.shown(/leave empty to keep the present one/);
    wizard.type(KEY.enter);
    await wizard.shown(/u-1, u-2/);
    wizard.type(KEY.enter);
    await wizard.shown(/poll_interval_secs/);
    wizard.type(`\u007F7${KEY.enter}`);
    await wizard.shown(/Mochat takes them\./);
    await wizard.shown(/Another channel\?/);
    wizard.type(KEY.enter);
    expect(await wizard.exitCode, wizard.screen).toBe(0);
    expect(wizard.screen).not.toContain(token);
    const after = await readFile(join(folder, "config.toml"), "utf8");
    expect(after.replace(/enc2:[\da-f]+/, token)).toBe(before.replace("poll_interval_secs = 3", "poll_interval_secs = 7"));
    expect(after).not.toContain(token);
    expect(await readFile(join(folder, "config.toml.bak"), "utf8")).toBe(before);
  });

  it("says why the platform refuses the credentials, and saves them all the same when it is told to", async () => {
    await using sandbox = await startSandbox();
    const { folder, wizard: program } = await openWizard(`${BEFORE}\n[channels_config.mochat]\napi_url = "${sandbox.mochat.url}"\n`);
    await using wizard = program;
    await wizard.shown(/Which channel\?/);
    await choose(wizard, "Mochat");
    await wizard.shown(/api_url/);
    wizard.type(KEY.enter);
    await wizard.shown(/api_token/);
    wizard.type(`planted-wrong-token${KEY.enter}`);
    await wizard.shown(/allowed_users/);
    wizard.type(KEY.enter);
    await wizard.shown(/poll_interval_secs/);
    wizard.type(KEY.enter);
    await wizard.shown(/Mochat: [^\n]*401/);
    await wizard.shown(/What now\?/);
    await choose(wizard, "Save it anyway");
    await wizard.shown(/Another channel\?/);
    wizard.type(KEY.enter);
    expect(await wizard.exitCode, wizard.screen).toBe(0);
    expect(wizard.screen).not.toContain("planted-wrong-token");
    expect(await readFile(join(folder, "config.toml"), "utf8")).toMatch(/\[channels_config\.mochat\]\napi_url = "[^"]+"\napi_token = "enc2:[\da-f]+"\nallowed_users = \[\]\n$/);
  });

  it("leaves everything as it was on Ctrl+C", async () => {
    const { folder, wizard: program } = await openWizard();
    await using wizard = program;
    await wizard.shown(/Which channel\?/);
    wizard.type(KEY.interrupt);
    expect(await wizard.exitCode, wizard.screen).toBe(130);
    expect(await readFile(join(folder, "config.toml"), "utf8")).toBe(BEFORE);
  });
});
