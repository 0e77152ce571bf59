import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError, systemClock } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createFolder } from "../testing/test-house.test-support.ts";
import { openDatabase, type Database } from "./open.ts";

function open(file: string, logger = recordingLogger()): Database {
  return openDatabase({ file, synchronous: "normal", clock: createManualClock(), logger });
}

function newFile(): string {
  return join(createFolder(), "state.sqlite");
}

function count(database: Database): unknown {
  return database.connection.prepare("SELECT count(*) AS count FROM store").get()?.["count"];
}

describe("openDatabase", () => {
  it("creates a folder and a file that only the owner reads", () => {
    const file = join(createFolder(), "new", "state.sqlite");
    open(file).close();
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("gives the write-ahead log the mode of the file", () => {
    const file = newFile();
    const database = open(file);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
    database.close();
  });

  it.each([
    ["normal", 1],
    ["full", 2],
  ] as const)("syncs as %s says", (synchronous, level) => {
    const database = openDatabase({ file: newFile(), synchronous, clock: systemClock, logger: recordingLogger() });
    expect(database.connection.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: level });
    expect(database.connection.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    database.close();
  });

  it("finds again what was written before", async () => {
    const file = newFile();
    const first = open(file);
    await first.commit.write(() => first.connection.exec("INSERT INTO store (instance, key, value) VALUES ('a', 'b', '1')"));
    first.close();
    const second = open(file);
    expect(count(second)).toBe(1);
    expect(second.isDegraded).toBe(false);
    second.close();
  });

  it("sets a file aside that is no database, says where, and starts empty", () => {
    const file = newFile();
    const garbage = "this is no database".repeat(100);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, garbage);
    const logger = recordingLogger();
    const database = open(file, logger);
    expect(database.isDegraded).toBe(true);
    expect(count(database)).toBe(0);
    database.close();
    const movedTo = `${file}.damaged-2026-01-01T00-00-00.000Z`;
    expect(readFileSync(movedTo, "utf8")).toBe(garbage);
    expect(logger.entries).toMatchObject([{ level: "error", fields: { file, movedTo } }]);
  });

  it("sets a file aside whose pages are damaged", async () => {
    const file = newFile();
    const first = open(file);
    const value = "x".repeat(1_000);
    await first.commit.write(() => {
      const insert = first.connection.prepare("INSERT INTO store (instance, key, value) VALUES ('a', ?, ?)");
      for (let index = 0; index < 100; index += 1) insert.run(String(index), value);
    });
    first.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length / 2);
    writeFileSync(file, bytes);
    const second = open(file);
    expect(second.isDegraded).toBe(true);
    second.close();
    expect(readdirSync(dirname(file)).filter((name) => name.includes(".damaged-"))).toHaveLength(1);
  });

  it("refuses the file of a newer release and leaves it as it is", () => {
    const file = newFile();
    const first = open(file);
    first.connection.exec("PRAGMA user_version = 99");
    first.close();
    expect(() => open(file)).toThrow(ConfigError);
    expect(readdirSync(dirname(file)).filter((name) => name.includes(".damaged-"))).toHaveLength(0);
  });
});
