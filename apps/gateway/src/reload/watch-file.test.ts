import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFolder } from "../testing/test-house.test-support.ts";
import { watchFile } from "./watch-file.ts";

describe("watchFile", () => {
  it.each<[string, (file: string) => void]>([
    ["is written over", (file) => writeFileSync(file, "new")],
    ["is replaced by another, as editors do", (file) => {
      writeFileSync(`${file}.tmp`, "new");
      renameSync(`${file}.tmp`, file);
    }],
  ])("tells that the file %s", async (_title, write) => {
    const file = join(createFolder(), "config.toml");
    writeFileSync(file, "old");
    const { promise, resolve } = Promise.withResolvers<undefined>();
    using _watcher = watchFile(file, { onChange: () => resolve(undefined), onError: (error) => expect.fail(String(error)) });
    write(file);
    await promise;
  });

  it("says nothing of the files beside it", async () => {
    const file = join(createFolder(), "config.toml");
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    using _watcher = watchFile(file, { onChange: () => seen.push("own"), onError: () => seen.push("error") });
    using _other = watchFile(`${file}.other`, { onChange: () => resolve(undefined), onError: () => seen.push("error") });
    writeFileSync(`${file}.other`, "x");
    await promise;
    expect(seen).toEqual([]);
  });

  it("tells when there is nothing to watch", () => {
    const errors: unknown[] = [];
    using _watcher = watchFile(join(createFolder(), "nowhere/config.toml"), { onChange: () => undefined, onError: (error) => errors.push(error) });
    expect(errors).toHaveLength(1);
  });
});
