import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { silentLogger, systemClock } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../database/open.ts";
import { createFolder } from "../testing/test-house.test-support.ts";
import { checkDatabase } from "./check-database.ts";
import { checkDisk, checkPermissions } from "./check-files.ts";

function ownFolder(): string {
  const folder = join(createFolder(), "config");
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

describe("checkPermissions", () => {
  it("is content with what only its owner may read", () => {
    const folder = ownFolder();
    writeFileSync(join(folder, ".secret_key"), "x", { mode: 0o600 });
    expect(checkPermissions(folder, "linux")).toMatchObject([{ verdict: "ok" }]);
  });

  it("names each file that others may read, and what mends it", () => {
    const folder = ownFolder();
    for (const name of [".secret_key", "ops_token", "unrelated"]) writeFileSync(join(folder, name), "x");
    for (const name of [".secret_key", "ops_token"]) chmodSync(join(folder, name), 0o640);
    chmodSync(folder, 0o755);
    expect(checkPermissions(folder, "linux").map(({ verdict, remedy }) => `${verdict} ${remedy ?? ""}`)).toEqual([
      `warning chmod 600 ${folder}/.secret_key`,
      `warning chmod 600 ${folder}/ops_token`,
      `warning chmod 700 ${folder}`,
    ]);
    expect(checkPermissions(folder, "win32")).toMatchObject([{ verdict: "skipped" }]);
  });

  it.skipIf(process.getuid?.() === 0)("says that the daemon could not write its state", () => {
    const folder = ownFolder();
    chmodSync(folder, 0o500);
    expect(checkPermissions(folder, "linux")).toMatchObject([{ verdict: "failure" }]);
    chmodSync(folder, 0o700);
  });

  it("waits for a folder to be there", () => {
    expect(checkPermissions(join(createFolder(), "nowhere"), "linux")).toMatchObject([{ verdict: "skipped" }]);
  });
});

describe("checkDisk", () => {
  it("tells how much room there is, also for a folder that is still to be made", () => {
    const folder = createFolder();
    expect(checkDisk(join(folder, "a/b")).text).toMatch(/^\d+ MiB free at /);
    expect(checkDisk(folder).check).toBe("disk");
  });
});

describe("checkDatabase", () => {
  it("waits for a database to be there", () => {
    expect(checkDatabase(createFolder())).toMatchObject([{ verdict: "skipped" }]);
  });

  it("reads one that a daemon holds, and tells of what was given up", () => {
    const folder = createFolder();
    const file = join(folder, "state.sqlite");
    const daemon = openDatabase({ file, synchronous: "normal", clock: systemClock, logger: silentLogger });
    expect(checkDatabase(folder)).toMatchObject([{ check: "database", verdict: "ok" }]);
    daemon.connection.exec("INSERT INTO inbox (channel, message_id, state, accepted_at, settled_at) VALUES ('qq', 'a', 'dead', 1, 1), ('qq', 'b', 'dead', 1, 1)");
    expect(checkDatabase(folder)).toMatchObject([{ verdict: "ok" }, { check: "inbox", verdict: "warning", text: "2 messages were given up", remedy: "see why: revka inbox list" }]);
    daemon.close();
  });

  it.each([
    ["is none", (file: string) => writeFileSync(file, "this is no database, however long it may be".repeat(40))],
    ["is another program's", (file: string) => {
      using connection = new DatabaseSync(file);
      connection.exec("CREATE TABLE other (x)");
    }],
  ])("says that a file %s", (_title, write) => {
    const folder = createFolder();
    write(join(folder, "state.sqlite"));
    expect(checkDatabase(folder)).toMatchObject([{ verdict: "failure", remedy: expect.stringContaining("restart revka daemon") as string }]);
  });
});
