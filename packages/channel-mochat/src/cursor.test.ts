import { createContext, createMemoryStore, type ChannelContext, type Json, type Store } from "@revka/core";
import { createManualClock, recordingLogger, type RecordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { decodeState, encodeState, openCursor, stateKey } from "./cursor.ts";

const URL_A = "https://mochat.example.com";

function contextOf(store: Store = createMemoryStore()): ChannelContext & { readonly logger: RecordingLogger } {
  const logger = recordingLogger();
  return { ...createContext("mochat", { store, clock: createManualClock(1_790_000_005_999) }), logger };
}

describe("stateKey", () => {
  it.each([
    [URL_A, "cursor-946e84550176401f"],
    [`${URL_A}/base`, "cursor-334751a7178beedf"],
  ])("of %s is %s", (url, expected) => {
    expect(stateKey(url, "mochat")).toBe(expected);
  });

  it("differs between instances", () => {
    expect(stateKey(URL_A, "mochat2")).not.toBe(stateKey(URL_A, "mochat"));
  });
});

describe("the stored state", () => {
  it("has the documented form", () => {
    expect(encodeState({ sinceId: "m-1002", recent: ["m-1001", "m-1002"] }, 1_790_000_005_999)).toEqual({
      v: 1, since_id: "m-1002", recent: ["m-1001", "m-1002"], saved_at: 1_790_000_005,
    });
  });

  it.each([{ sinceId: "m-1", recent: ["m-0", "m-1"] }, { recent: [] }])("comes back as it was: %j", (state) => {
    expect(decodeState(encodeState(state, 0))).toEqual(state);
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["text", "m-1002"],
    ["an empty object", {}],
    ["another version", { v: 2, since_id: "m-1", recent: [] }],
    ["ids that are no list of strings", { v: 1, since_id: "m-1", recent: [1] }],
  ])("is not read from %s", (_title, stored) => {
    expect(decodeState(stored)).toBeUndefined();
  });
});

describe("openCursor", () => {
  it("starts cold and silent where nothing is stored", async () => {
    const context = contextOf();
    const cursor = await openCursor(URL_A, context);
    expect([cursor.isCold, cursor.sinceId, cursor.seen.size]).toEqual([true, undefined, 0]);
    expect(context.logger.entries).toEqual([]);
  });

  it("goes on where it was left (MOCHAT-60)", async () => {
    const store = createMemoryStore();
    const before = await openCursor(URL_A, contextOf(store));
    before.mark("m-1");
    before.mark("m-2");
    await before.close();
    const cursor = await openCursor(URL_A, contextOf(store));
    expect([cursor.isCold, cursor.sinceId, cursor.seen.has("m-1"), cursor.seen.has("m-2")]).toEqual([false, "m-2", true, true]);
  });

  it("does not take up the cursor of another api_url", async () => {
    const store = createMemoryStore();
    const before = await openCursor(URL_A, contextOf(store));
    before.mark("m-1");
    await before.close();
    expect((await openCursor(`${URL_A}/base`, contextOf(store))).isCold).toBe(true);
  });

  it("stores the newest 1,000 ids, which fit into one stored value at any length they may have", async () => {
    const store = createMemoryStore();
    const before = await openCursor(URL_A, contextOf(store));
    for (let i = 1; i <= 1_001; i += 1) before.mark(String(i).padStart(256, "消"));
    await before.close();
    const cursor = await openCursor(URL_A, contextOf(store));
    expect(cursor.seen.size).toBe(1_000);
    expect(cursor.seen.has("1".padStart(256, "消"))).toBe(false);
  });

  it.each<[string, Json]>([
    ["damaged", "garbage"],
    ["empty", {}],
    ["of another version", { v: 9, since_id: "m-1", recent: [] }],
  ])("starts cold with one warning where the state is %s (MOCHAT-60)", async (_title, stored) => {
    const store = createMemoryStore();
    await store.set(stateKey(URL_A, "mochat"), stored);
    const context = contextOf(store);
    expect((await openCursor(URL_A, context)).isCold).toBe(true);
    expect(context.logger.entries.map(({ level }) => level)).toEqual(["warn"]);
  });

  it("starts cold with one warning where the store cannot be read", async () => {
    const store: Store = { ...createMemoryStore(), get: () => Promise.reject(new TypeError("unreadable")) };
    const context = contextOf(store);
    expect((await openCursor(URL_A, context)).isCold).toBe(true);
    expect(context.logger.entries.map(({ level }) => level)).toEqual(["warn"]);
  });

  it("forgets since_id but not what was seen", async () => {
    const store = createMemoryStore();
    const before = await openCursor(URL_A, contextOf(store));
    before.mark("m-1");
    before.forget();
    await before.close();
    const cursor = await openCursor(URL_A, contextOf(store));
    expect([cursor.sinceId, cursor.seen.has("m-1"), cursor.isCold]).toEqual([undefined, true, false]);
  });

  it("remembers 10,000 ids and forgets the oldest first, one for each new one (MOCHAT-20, MOCHAT-51)", async () => {
    const cursor = await openCursor(URL_A, contextOf());
    const { seen } = cursor;
    for (let i = 1; i <= 10_000; i += 1) cursor.mark(`m-${i}`);
    expect([seen.size, seen.has("m-1")]).toEqual([10_000, true]);
    cursor.mark("m-10001");
    expect([seen.size, seen.has("m-1"), seen.has("m-2")]).toEqual([10_000, false, true]);
    cursor.mark("m-10002");
    expect([seen.size, seen.has("m-2"), seen.has("m-3")]).toEqual([10_000, false, true]);
  });
});
