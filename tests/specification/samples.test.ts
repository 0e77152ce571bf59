import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** The six samples, character by character as the specification has them. */
const samples = readFileSync(fileURLToPath(new URL("../../apps/gateway/src/config/fixtures/specification.toml", import.meta.url)), "utf8");
const SECTIONS = ["lark", "feishu", "dingtalk", "wecom", "qq", "mochat"];

interface ShownKey {
  readonly key: string;
  readonly origin: { readonly kind: string };
}

async function folderWith(config: string): Promise<string> {
  const folder = await tempFolder();
  await writeFile(join(folder, "config.toml"), config, { mode: 0o600 });
  return folder;
}

describe("the samples of the specification", () => {
  it("load unchanged, all six in one file, with nothing to complain of (GW-05)", async () => {
    const { exitCode, stdout, stderr } = await revka(["config", "check", "--json", "--config", await folderWith(samples)]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { channels, ...rest } = JSON.parse(stdout) as { readonly channels: readonly string[] };
    expect(channels.toSorted()).toEqual(SECTIONS.toSorted());
    expect(rest).toMatchObject({ ok: true, problems: [], warnings: [], skipped: [] });
  });

  it("mean by an empty text that a key is not set (GW-05)", async () => {
    const { stdout } = await revka(["config", "show", "--json", "--config", await folderWith(samples)]);
    const { tables } = JSON.parse(stdout) as { readonly tables: readonly { readonly path: string; readonly keys: readonly ShownKey[] }[] };
    const empty = [...samples.matchAll(/^\[(.+)\]|^(\w+) = ""/gm)].reduce<{ table: string; found: string[] }>(
      ({ table, found }, [, header, key]) => (header !== undefined ? { table: header, found } : { table, found: [...found, `${table}.${key ?? ""}`] }),
      { table: "", found: [] },
    ).found;
    expect(empty).toHaveLength(6);
    const originOf = new Map<string, string>(tables.flatMap(({ path, keys }) => keys.map(({ key, origin }) => [`${path}.${key}`, origin.kind] as const)));
    expect(empty.map((key) => originOf.get(key))).toEqual(Array(6).fill("unset"));
  });
});
