import { describe, expect, it } from "vitest";
import type { Json } from "../contract/json.ts";
import { createMemoryStore } from "./memory-store.ts";
import { scopeStore } from "./store.ts";
import { createManualClock } from "../testing/manual-clock.ts";

describe("createMemoryStore", () => {
  it.each<[string, Json]>([
    ["a text", "x"],
    ["null", null],
    ["a number", 0],
    ["nested values", { list: [1, "2", { three: false }] }],
  ])("gives back %s", async (_title, value) => {
    const store = createMemoryStore();
    await store.set("key", value);
    expect(await store.get("key")).toEqual(value);
    await store.delete("key");
    expect(await store.get("key")).toBeUndefined();
  });

  it("keeps a value from being changed through a reference to it", async () => {
    const store = createMemoryStore();
    const value = [1];
    await store.set("key", value);
    value.push(2);
    expect(await store.get("key")).toEqual([1]);
  });

  it("forgets a value when its time is over", async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ clock });
    await store.set("key", 1, { ttlMs: 1_000 });
    await clock.advance(999);
    expect(await store.get("key")).toBe(1);
    await clock.advance(1);
    expect(await store.get("key")).toBeUndefined();
  });

  it("sets a value only where no live one is", async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ clock });
    expect(await store.setIfAbsent("key", null, { ttlMs: 1_000 })).toBe(true);
    expect(await store.setIfAbsent("key", 2)).toBe(false);
    expect(await store.get("key")).toBeNull();
    await clock.advance(1_000);
    expect(await store.setIfAbsent("key", 3)).toBe(true);
    expect(await store.get("key")).toBe(3);
  });

  it("lets exactly one of several callers set a value", async () => {
    const store = createMemoryStore();
    const outcomes = await Promise.all([1, 2, 3].map((value) => store.setIfAbsent("key", value)));
    expect(outcomes).toEqual([true, false, false]);
  });

  it("drops the entry written longest ago when it is full", async () => {
    const store = createMemoryStore({ maxEntries: 2 });
    await store.set("a", 1);
    await store.set("b", 2);
    await store.set("a", 3);
    await store.set("c", 4);
    expect(await Promise.all(["a", "b", "c"].map((key) => store.get(key)))).toEqual([3, undefined, 4]);
  });

  it("takes keys and values up to the contract's size and rejects larger ones", async () => {
    const store = createMemoryStore();
    await store.set("k".repeat(512), 1);
    await expect(store.set("k".repeat(513), 1)).rejects.toThrow(RangeError);
    await store.set("key", "v".repeat(1024 * 1024 - 2));
    await expect(store.setIfAbsent("other", "v".repeat(1024 * 1024 - 1))).rejects.toThrow(RangeError);
  });

  it("refuses to have no room at all", () => {
    expect(() => createMemoryStore({ maxEntries: 0 })).toThrow(RangeError);
  });
});

describe("scopeStore", () => {
  it("keeps the parts of two owners apart", async () => {
    const store = createMemoryStore();
    const [lark, qq] = [scopeStore(store, "lark"), scopeStore(store, "qq")];
    await lark.set("cursor", 1);
    expect(await qq.setIfAbsent("cursor", 2)).toBe(true);
    await lark.delete("cursor");
    expect([await lark.get("cursor"), await qq.get("cursor"), await store.get("qq:cursor")]).toEqual([undefined, 2, 2]);
  });
});
