import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TransientError } from "@revka/core";
import { describe, expect, it, vi } from "vitest";
import { createFolder } from "../testing/test-house.test-support.ts";
import { createGroupCommit } from "./group-commit.ts";

function openTable(): { readonly connection: DatabaseSync; readonly file: string; insert(value: string): () => void; values(): unknown[] } {
  const file = join(createFolder(), "test.sqlite");
  const connection = new DatabaseSync(file);
  connection.exec("PRAGMA journal_mode = WAL; CREATE TABLE entries (value TEXT)");
  const insert = connection.prepare("INSERT INTO entries (value) VALUES (?)");
  const other = new DatabaseSync(file, { readOnly: true });
  return {
    connection,
    file,
    insert: (value) => () => void insert.run(value),
    values: () => other.prepare("SELECT value FROM entries").all().map((row) => row["value"]),
  };
}

describe("createGroupCommit", () => {
  it("commits the writes of one turn of the event loop in one transaction, in order", async () => {
    const table = openTable();
    const exec = vi.spyOn(table.connection, "exec");
    const commit = createGroupCommit(table.connection);
    await Promise.all(["a", "b", "c"].map((value) => commit.write(table.insert(value))));
    expect(exec.mock.calls.map(([sql]) => sql)).toEqual(["BEGIN IMMEDIATE", "COMMIT"]);
    expect(table.values()).toEqual(["a", "b", "c"]);
  });

  it("resolves with what the work gave, once others can see it", async () => {
    const table = openTable();
    const commit = createGroupCommit(table.connection);
    const seen = commit
      .write(() => {
        table.insert("a")();
        return table.values();
      })
      .then((during) => ({ during, after: table.values() }));
    await expect(seen).resolves.toEqual({ during: [], after: ["a"] });
  });

  it("rejects every write of a transaction that fails, and keeps none", async () => {
    const table = openTable();
    const commit = createGroupCommit(table.connection);
    const bug = new RangeError("a bug");
    const writes = [
      commit.write(table.insert("a")),
      commit.write(() => {
        throw bug;
      }),
    ];
    await expect(Promise.allSettled(writes)).resolves.toEqual([
      { status: "rejected", reason: bug },
      { status: "rejected", reason: bug },
    ]);
    expect(table.values()).toEqual([]);
    await commit.write(table.insert("b"));
    expect(table.values()).toEqual(["b"]);
  });

  it("rejects with a TransientError while the disk is full, and works again afterwards", async () => {
    const table = openTable();
    const commit = createGroupCommit(table.connection);
    const { page_count: pages } = table.connection.prepare("PRAGMA page_count").get() ?? {};
    table.connection.exec(`PRAGMA max_page_count = ${String(pages)}`);
    await expect(commit.write(table.insert("x".repeat(100_000)))).rejects.toThrow(TransientError);
    table.connection.exec("PRAGMA max_page_count = 10000");
    await commit.write(table.insert("a"));
    expect(table.values()).toEqual(["a"]);
  });

  it("rejects with a TransientError while another program holds the file", async () => {
    const table = openTable();
    const commit = createGroupCommit(table.connection);
    const other = new DatabaseSync(table.file);
    other.exec("BEGIN IMMEDIATE");
    await expect(commit.write(table.insert("a"))).rejects.toThrow("The state database could not be written: database is locked");
    other.exec("ROLLBACK");
    await commit.write(table.insert("b"));
    expect(table.values()).toEqual(["b"]);
  });

  it("refuses a write when too many wait", async () => {
    const table = openTable();
    const commit = createGroupCommit(table.connection, 2);
    const writes = ["a", "b", "c"].map((value) => commit.write(table.insert(value)));
    await expect(Promise.allSettled(writes)).resolves.toMatchObject([{ status: "fulfilled" }, { status: "fulfilled" }, { status: "rejected", reason: { code: "transient" } }]);
  });

  it("commits what waits when it is closed, then refuses", async () => {
    const table = openTable();
    const commit = createGroupCommit(table.connection);
    const write = commit.write(table.insert("a"));
    commit.close();
    expect(table.values()).toEqual(["a"]);
    await write;
    await expect(commit.write(table.insert("b"))).rejects.toThrow("The state database is closed");
  });

  it("commits a burst in several transactions, so that sockets get their turn in between", async () => {
    const table = openTable();
    const exec = vi.spyOn(table.connection, "exec");
    const commit = createGroupCommit(table.connection);
    await Promise.all(Array.from({ length: 2_500 }, (_, index) => commit.write(table.insert(String(index)))));
    expect(exec.mock.calls.filter(([sql]) => sql === "COMMIT")).toHaveLength(3);
    expect(table.values()).toHaveLength(2_500);
  });
});
