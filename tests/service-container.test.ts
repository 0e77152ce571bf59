import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { revka } from "./support/revka.ts";
import { run } from "./support/run.ts";
import { tempFolder } from "./support/temp-folder.ts";

const read = (file: string): string => readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), "utf8");

/** The instructions of a Dockerfile, one each, continued lines joined, comments left out. */
function instructionsOf(text: string): { name: string; rest: string }[] {
  return text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => ({ name: line.slice(0, line.indexOf(" ")), rest: line.slice(line.indexOf(" ") + 1) }));
}

const noSystemd = spawnSync("systemd-analyze", ["--version"]).status !== 0;
if (noSystemd) process.stderr.write("systemd does not look at our unit: systemd-analyze is not installed\n");

describe("the systemd unit", () => {
  it.skipIf(noSystemd)("is one that systemd takes, with a folder that needs quoting", async () => {
    const folder = join(await tempFolder(), "a folder of 100%");
    await mkdir(folder);
    await writeFile(join(folder, "config.toml"), '[channels_config.wecom]\nwebhook_key = "a-key-for-this"\n', { mode: 0o600 });
    const { stdout } = await revka(["service", "install", "--dry-run", "--config", folder]);
    const unit = join(folder, "revka.service");
    await writeFile(unit, stdout);
    expect(await run("systemd-analyze", ["verify", "--user", "--man=no", unit], { env: { XDG_RUNTIME_DIR: folder } })).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });
});

describe("the Dockerfile", () => {
  const instructions = instructionsOf(read("Dockerfile"));
  const last = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"));
  const rest = (name: string): string[] => last.filter((instruction) => instruction.name === name).map((instruction) => instruction.rest);

  it("holds nothing but instructions", () => {
    const known = ["FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER", "VOLUME", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"];
    expect(instructions.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it("builds in one stage and ships only the result of it, on the Node that the gateway asks for", () => {
    expect(instructions.filter(({ name }) => name === "FROM").map((instruction) => instruction.rest)).toEqual(["node:24-slim AS build", "node:24-slim"]);
    expect(rest("COPY")).toEqual(["--from=build /app /app"]);
    expect((JSON.parse(read("apps/gateway/package.json")) as { engines: { node: string } }).engines.node).toBe(">=24");
  });

  it("runs the program that the package names, as nobody, under an init process, from a volume", () => {
    const { bin } = JSON.parse(read("apps/gateway/package.json")) as { bin: { revka: string } };
    const program = `/app/${bin.revka.replace("./", "")}`;
    expect(rest("USER")).toEqual(["65534:65534"]);
    expect(JSON.parse(rest("ENTRYPOINT")[0] ?? "")).toEqual(["tini", "--", "node", program]);
    expect(JSON.parse(rest("CMD")[0] ?? "")).toEqual(["daemon"]);
    expect(rest("ENV").join(" ")).toContain("HOME=/data");
    expect(rest("VOLUME")).toEqual(["/data"]);
    expect(rest("HEALTHCHECK")).toEqual([`--interval=60s --timeout=10s --start-period=10s --retries=3 CMD ["node", "${program}", "status", "--format=exit-code"]`]);
  });

  it("asks for its health by a command that there is", async () => {
    expect((await revka(["status", "--help"])).stdout).toContain("--format <format>");
  });
});

describe("compose.yaml", () => {
  const lines = read("compose.yaml").split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));

  it("is indented by twos, each line a key, a pair or an item", () => {
    expect(lines.filter((line) => !/^(?: {2})*(?:- )?(?:[\w-]+:(?: \S.*)?|[\w/][\w/:-]*)$/.test(line))).toEqual([]);
  });

  it.each([
    ["comes back after a crash and a reboot", "    restart: unless-stopped"],
    ["writes to its volume only", "    read_only: true"],
    ["keeps its state in a volume", "      - revka:/data"],
    ["has a bound for its memory", "    mem_limit: 512m"],
    ["has no privileges to lose", "      - ALL"],
  ])("%s", (_title, line) => {
    expect(lines).toContain(line);
  });

  it("gives the drain at least the 40 s that the systemd unit gives it", () => {
    expect(Number(/stop_grace_period: (\d+)s/.exec(lines.join("\n"))?.[1])).toBeGreaterThanOrEqual(40);
  });
});

describe(".dockerignore", () => {
  it("keeps secrets and what is built out of the build", () => {
    expect(read(".dockerignore").split("\n")).toEqual(expect.arrayContaining([".env", ".git", "**/node_modules", "**/dist"]));
  });
});
