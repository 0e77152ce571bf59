import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startSandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { cli } from "./support/revka.ts";
import { tempFolder } from "./support/temp-folder.ts";

function startRevka(folder: string, ...args: readonly string[]) {
  const env = { ...process.env, REVKA_CONFIG_DIR: folder, REVKA_GATEWAY_PORT: "0" };
  const child = spawn(process.execPath, ["--no-warnings", "--conditions=@revka/source", cli, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

describe("output that nobody reads any more", () => {
  it("does not keep a daemon from answering, nor from ending well", async () => {
    await using sandbox = await startSandbox();
    const { mochat } = sandbox;
    const folder = await tempFolder();
    const keys = Object.entries({ ...sandbox.settingsFor("mochat").values, allowed_users: ["user-1"] }).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    await writeFile(join(folder, "config.toml"), `[channels_config.mochat]\n${keys.join("\n")}\n[log]\nlevel = "trace"\n`, { mode: 0o600 });
    const daemon = startRevka(folder, "daemon");
    await mochat.nextPoll();
    daemon.stdout.destroy();
    daemon.stderr.destroy();
    for (const text of ["one", "two", "three"]) {
      mochat.say("stranger", "a line of the log"); // about somebody who is turned away
      mochat.say("user-1", text);
      expect(await mochat.nextReply("user-1")).toMatchObject({ text });
    }
    daemon.kill("SIGTERM");
    expect(await once(daemon, "exit")).toEqual([0, null]);
  });

  it("ends a command as it would have ended", async () => {
    const folder = await tempFolder();
    await mkdir(folder, { recursive: true });
    const command = startRevka(folder, "config", "schema");
    command.stdout.destroy();
    expect(await once(command, "exit")).toEqual([0, null]);
  });
});
