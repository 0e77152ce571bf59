import { chmod, mkdtemp, readdir, readFile, readlink, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeConfigFile } from "./write-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "revka-write-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("writeConfigFile", () => {
  it("makes the file and its folder, for the owner's eyes only", async () => {
    const file = join(folder, "new", "config.toml");
    await expect(writeConfigFile(file, "a = 1\n")).resolves.toEqual({});
    expect(await readFile(file, "utf8")).toBe("a = 1\n");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "new"))).mode & 0o777).toBe(0o700);
  });

  it("keeps what stood there before, closes what others could read, and leaves nothing else", async () => {
    const file = join(folder, "config.toml");
    await writeFile(file, "old\n");
    await chmod(file, 0o644);
    const { backup } = await writeConfigFile(file, "new\n");
    expect(await readFile(String(backup), "utf8")).toBe("old\n");
    expect((await readdir(folder)).toSorted()).toEqual(["config.toml", "config.toml.bak"]);
    for (const path of [file, String(backup)]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("follows no link that lies where it writes", async () => {
    const [file, victim] = [join(folder, "config.toml"), join(folder, "victim")];
    await writeFile(victim, "untouched");
    await symlink(victim, join(folder, `.config.toml.${process.pid}.tmp`));
    await writeConfigFile(file, "new\n");
    expect(await readFile(victim, "utf8")).toBe("untouched");
  });

  it("replaces the file that a link leads to, and leaves the link (GW-25)", async () => {
    const [file, kept] = [join(folder, "config.toml"), join(folder, "dotfiles.toml")];
    await writeFile(kept, "old\n");
    await symlink("dotfiles.toml", file);
    const { backup } = await writeConfigFile(file, "new\n");
    expect(await readlink(file)).toBe("dotfiles.toml");
    expect(await readFile(kept, "utf8")).toBe("new\n");
    expect(backup).toBe(`${await realpath(kept)}.bak`);
  });

  it("leaves the old text when it cannot write the new one", async () => {
    const file = join(folder, "config.toml");
    await writeFile(join(folder, "blocker"), "");
    await expect(writeConfigFile(join(folder, "blocker", "config.toml"), "x")).rejects.toThrow(/EEXIST|ENOTDIR/);
    await expect(stat(file)).rejects.toThrow("ENOENT");
  });
});
