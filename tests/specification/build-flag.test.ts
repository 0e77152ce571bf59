import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { openSandbox, sectionOf } from "../support/sections.ts";
import { revka } from "../support/revka.ts";
import { run, type Finished } from "../support/run.ts";
import { tempFolder } from "../support/temp-folder.ts";

const gateway = fileURLToPath(new URL("../../apps/gateway", import.meta.url));
const OTHERS = ["dingtalk", "wecom", "qq", "mochat"] as const;

/** The gateway with its dependencies, as a package manager leaves it that was told to skip the optional ones: the path of its program. */
async function installWithoutOptional(): Promise<string> {
  const home = join(await tempFolder(), "gateway");
  await cp(join(gateway, "src"), join(home, "src"), { recursive: true });
  await cp(join(gateway, "package.json"), join(home, "package.json"));
  const modules = readdirSync(join(gateway, "node_modules")).filter((name) => !name.startsWith("."));
  const names = modules.flatMap((name) => (name.startsWith("@") ? readdirSync(join(gateway, "node_modules", name)).map((part) => join(name, part)) : [name]));
  for (const name of names.filter((candidate) => candidate !== join("@revka", "channel-lark"))) {
    await mkdir(join(home, "node_modules", name, ".."), { recursive: true });
    await symlink(join(gateway, "node_modules", name), join(home, "node_modules", name));
  }
  return join(home, "src/cli.ts");
}

function runProgram(program: string, ...args: readonly string[]): Promise<Finished> {
  return run(process.execPath, ["--conditions=@revka/source", "--no-warnings", program, ...args]);
}

/** What `--version` says of each channel package. */
function packagesIn({ stdout }: Finished): Readonly<Record<string, string>> {
  return Object.fromEntries([...stdout.matchAll(/^ {2}@revka\/channel-(\w+) +(.+)$/gm)].map(([, name = "", state = ""]) => [name, state]));
}

describe("the optional dependency channel-lark", () => {
  it("is what `--version` tells of, beside the four that are always there, and no variable switches it (GW-40, GW-41)", async () => {
    const whole = { lark: "installed", dingtalk: "installed", wecom: "installed", qq: "installed", mochat: "installed" };
    for (const env of [{}, { REVKA_FEATURES: "" }]) expect(packagesIn(await revka(["--version"], { env }))).toEqual(whole);
    expect(packagesIn(await runProgram(await installWithoutOptional(), "--version"))).toEqual({ ...whole, lark: "not installed" });
  }, 60_000);

  it("is the only one that may be missing: without it Lark does not start, and the others are there (GW-40, GW-41)", async () => {
    const sandbox = await openSandbox();
    const program = await installWithoutOptional();
    const folder = await tempFolder();
    await writeFile(join(folder, "config.toml"), (["lark", "feishu", ...OTHERS] as const).map((name) => sectionOf(sandbox, name)).join("\n"), { mode: 0o600 });
    const { exitCode, stdout } = await runProgram(program, "channel", "list", "--json", "--config", folder);
    expect(exitCode).toBe(0);
    const { channels } = JSON.parse(stdout) as { readonly channels: readonly { readonly name: string; readonly state: string }[] };
    expect(channels.filter(({ state }) => state === "unavailable").map(({ name }) => name)).toEqual(["lark", "feishu"]);
    expect(channels.filter(({ state }) => state === "configured").map(({ name }) => name)).toEqual(OTHERS);
  }, 60_000);

  it("makes Lark start by its mere presence (GW-41)", async () => {
    const sandbox = await openSandbox();
    const daemon = await startDaemon(await tempFolder(), sectionOf(sandbox, "lark"));
    await sandbox.lark.nextConnection();
    expect(daemon.output()).not.toContain("disabled in this build");
  }, 60_000);
});
