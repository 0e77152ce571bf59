import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLogger } from "@revka/core";
import { createManualClock, type ManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../database/open.ts";
import { createFolder } from "../testing/test-house.test-support.ts";
import { createSealing, stateKeyFileOf } from "./sealing.ts";
import { createSqliteStores, type SqliteStores } from "./sqlite-store.ts";

interface Opened {
  readonly stores: SqliteStores;
  readonly clock: ManualClock;
  close(): void;
}

function open({ folder = createFolder(), maxEntries = 100 } = {}): Opened {
  const clock = createManualClock();
  const database = openDatabase({ file: join(folder, "state.sqlite"), synchronous: "normal", clock, logger: silentLogger });
  return { stores: createSqliteStores(database, clock, { maxEntries, sealing: createSealing(folder) }), clock, close: () => database.close() };
}

describe("a secret in a store", () => {
  const SECRET = { url: "https://reply.example/?session=planted-session" };
  const filesOf = (folder: string): string => readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1")).join("\n");

  it("is encrypted on disk, and read by the next process that has the key (X-6)", async () => {
    const folder = createFolder();
    const first = open({ folder });
    await first.stores.of("dingtalk").set("a", SECRET, { isSecret: true });
    expect(await first.stores.of("dingtalk").setIfAbsent("b", SECRET, { isSecret: true })).toBe(true);
    await first.stores.of("dingtalk").set("c", "planted-plain");
    await expect(first.stores.of("dingtalk").get("a")).resolves.toEqual(SECRET);
    first.close();
    expect(filesOf(folder)).toContain("planted-plain");
    expect(filesOf(folder)).not.toContain("planted-session");
    expect(statSync(stateKeyFileOf(folder)).mode & 0o777).toBe(0o600);
    const { stores } = open({ folder });
    for (const key of ["a", "b"]) await expect(stores.of("dingtalk").get(key)).resolves.toEqual(SECRET);
  });

  it.each([
    ["gone", (file: string) => rmSync(file)],
    ["damaged", (file: string) => writeFileSync(file, "not a key")],
    ["another", (file: string) => writeFileSync(file, "00".repeat(32))],
  ])("is as good as absent when the key is %s, and the next one is kept", async (_title, spoil) => {
    const folder = createFolder();
    const first = open({ folder });
    await first.stores.of("dingtalk").set("a", SECRET, { isSecret: true });
    first.close();
    spoil(stateKeyFileOf(folder));
    const store = open({ folder }).stores.of("dingtalk");
    await expect(store.get("a")).resolves.toBeUndefined();
    await store.set("a", SECRET, { isSecret: true });
    await expect(store.get("a")).resolves.toEqual(SECRET);
  });

  it("is not kept where there is nothing to encrypt it with", async () => {
    const clock = createManualClock();
    const database = openDatabase({ file: join(createFolder(), "state.sqlite"), synchronous: "normal", clock, logger: silentLogger });
    await expect(createSqliteStores(database, clock).of("qq").set("a", SECRET, { isSecret: true })).rejects.toThrow(TypeError);
    database.close();
  });
});

describe("createSqliteStores", () => {
  it.each([["text"], [1.5], [true], [null], [["a", { b: [] }]], [{ a: { b: "ü🦊" } }]])("gives back %j as it was stored", async (value) => {
    const store = open().stores.of("qq");
    await store.set("key", value);
    await expect(store.get("key")).resolves.toEqual(value);
  });

  it("forgets what is deleted, and knows nothing of what never was", async () => {
    const store = open().stores.of("qq");
    await store.set("key", 1);
    await store.delete("key");
    await expect(store.get("key")).resolves.toBeUndefined();
    await expect(store.get("other")).resolves.toBeUndefined();
  });

  it("keeps what one instance writes from the others", async () => {
    const { stores } = open();
    await stores.of("lark").set("key", "lark");
    await stores.of("feishu").set("key", "feishu");
    await expect(stores.of("lark").get("key")).resolves.toBe("lark");
  });

  it("finds after a restart what was stored before", async () => {
    const folder = createFolder();
    const first = open({ folder });
    await first.stores.of("mochat").set("since_id", "42");
    first.close();
    await expect(open({ folder }).stores.of("mochat").get("since_id")).resolves.toBe("42");
  });

  it("treats an expired value as absent from its last millisecond on", async () => {
    const { stores, clock } = open();
    const store = stores.of("qq");
    await store.set("session", "s", { ttlMs: 1_000 });
    await clock.advance(999);
    await expect(store.get("session")).resolves.toBe("s");
    await clock.advance(1);
    await expect(store.get("session")).resolves.toBeUndefined();
  });

  it("lets only the first of several set what is absent", async () => {
    const store = open().stores.of("qq");
    await expect(Promise.all([store.setIfAbsent("key", 1), store.setIfAbsent("key", 2)])).resolves.toEqual([true, false]);
    await expect(store.get("key")).resolves.toBe(1);
  });

  it("sets what has expired as if it were absent", async () => {
    const { stores, clock } = open();
    const store = stores.of("qq");
    await store.set("key", 1, { ttlMs: 1_000 });
    await clock.advance(1_000);
    await expect(store.setIfAbsent("key", 2)).resolves.toBe(true);
  });

  it.each([
    ["an empty key", "", "value"],
    ["a key of 513 characters", "k".repeat(513), "value"],
    ["a value of more than 1 MiB", "key", "v".repeat(1024 * 1024)],
  ])("refuses %s", async (_title, key, value) => {
    await expect(open().stores.of("qq").set(key, value)).rejects.toThrow(RangeError);
  });

  it("drops the entries written longest ago when an instance has too many", async () => {
    const { stores } = open({ maxEntries: 2 });
    const store = stores.of("qq");
    for (const key of ["a", "b", "c"]) await store.set(key, key);
    await store.set("a", "again");
    await stores.of("lark").set("a", "other");
    await stores.sweep();
    await expect(Promise.all(["a", "b", "c"].map((key) => store.get(key)))).resolves.toEqual(["again", undefined, "c"]);
    await expect(stores.of("lark").get("a")).resolves.toBe("other");
  });
});
