import { createMemoryStore, type Json, type Store, TransientError } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openMochat } from "../support/mochat-house.ts";

describe("a restart", () => {
  it("goes on where the last run was, and repeats nothing (MOCHAT-60)", async () => {
    const { mochat, listen, cursors } = await openMochat();
    mochat.say("u-1", "one");
    const first = listen();
    await first.rest();
    await first.stop();
    mochat.say("u-1", "two");
    const second = listen();
    await second.rest();
    expect([first.texts(), second.texts()]).toEqual([["one"], ["two"]]);
    expect(cursors()).toEqual([undefined, "m-1"]);
  });

  it.each([[1_000, 0], [1_001, 1]])("with a bridge that ignores since_id repeats none of the newest thousand: of %i it repeats %i (MOCHAT-60)", async (count, repeats) => {
    const { mochat, listen } = await openMochat();
    mochat.behave({ sinceId: "ignored", pageSize: 2_000 });
    for (let n = 1; n <= count; n += 1) mochat.say("u-1", `text ${n}`);
    const first = listen();
    await first.rest();
    await first.stop();
    const second = listen();
    await second.rest();
    expect([first.texts().length, second.texts().length]).toEqual([count, repeats]);
  });

  it("keeps the cursor though the token is a new one (MOCHAT-60)", async () => {
    const { mochat, listen, cursors } = await openMochat();
    mochat.say("u-1", "one");
    const first = listen();
    await first.rest();
    await first.stop();
    mochat.acceptToken("rotated-token");
    await listen().rest();
    expect(cursors()).toEqual([undefined, "m-1"]);
  });

  it("with another api_url starts from the beginning, and leaves the old place alone (MOCHAT-60)", async () => {
    const { sandbox, mochat, listen, cursors } = await openMochat();
    mochat.say("u-1", "one");
    const here = listen();
    await here.rest();
    await here.stop();
    const there = listen({ apiUrl: mochat.url.replace("127.0.0.1", "localhost") });
    await there.rest();
    await there.stop();
    await listen().rest();
    expect(there.texts()).toEqual(["one"]);
    expect(cursors()).toEqual([undefined, undefined, "m-1"]);
    expect(sandbox.record.entries).toHaveLength(3);
  });

  it("delivers what waited meanwhile, although only a first start would skip it", async () => {
    const { mochat, listen } = await openMochat();
    mochat.say("u-1", "before the first start");
    const first = listen({ skipBacklog: true });
    await first.rest();
    await first.stop();
    mochat.say("u-1", "meanwhile");
    const second = listen({ skipBacklog: true });
    await second.rest();
    expect([first.texts(), second.texts()]).toEqual([[], ["meanwhile"]]);
  });
});

describe("a kill", () => {
  it("loses nothing, and repeats only what was handed over since the last write (MOCHAT-60)", async () => {
    const { mochat, store, listen } = await openMochat();
    const disk = perishable(store);
    mochat.say("u-1", "one");
    const first = listen({ store: disk.store, pollIntervalMs: 400 });
    await first.rest();
    mochat.say("u-1", "two");
    await first.pass();
    disk.kill();
    mochat.say("u-1", "three");
    const second = listen();
    await second.rest();
    expect(first.texts()).toEqual(["one", "two"]);
    expect(second.texts()).toEqual(["two", "three"]);
  });
});

describe("a state", () => {
  const without: Pick<Store, "setIfAbsent" | "delete"> = {
    setIfAbsent: () => Promise.resolve(true),
    delete: () => Promise.resolve(),
  };

  it.each<[string, Json]>([
    ["empty text", ""],
    ["damaged", { v: 1, since_id: 7 }],
    ["of another version", { v: 2, since_id: "m-1", recent: [] }],
    ["a list", ["m-1"]],
  ])("that is %s is a cold start with one warning (MOCHAT-60)", async (_title, state) => {
    const { mochat, listen, cursors, logged } = await openMochat();
    mochat.say("u-1", "hello");
    const { texts, pass } = listen({ store: { ...without, get: () => Promise.resolve(state), set: () => Promise.resolve() } });
    await pass();
    expect(texts()).toEqual(["hello"]);
    expect(cursors()).toEqual([undefined, "m-1"]);
    expect(logged("warn")).toHaveLength(1);
  });

  it("that can neither be read nor written costs a warning and an error, and polling goes on (MOCHAT-60)", async () => {
    const { mochat, listen, cursors, logged } = await openMochat();
    const broken = (): Promise<never> => Promise.reject(new TransientError("the disk is broken"));
    const { texts, rest, pass, stop } = listen({ store: { ...without, get: broken, set: broken } });
    await rest();
    for (let n = 1; n <= 4; n += 1) {
      mochat.say("u-1", `text ${n}`);
      await pass();
    }
    await stop();
    expect(texts()).toHaveLength(4);
    expect(cursors().at(-1)).toBe("m-3");
    expect([logged("warn").length, logged("error").length]).toEqual([1, 1]);
  });

  it("that could not be written for a while is written when it can be (MOCHAT-60)", async () => {
    const { mochat, store, listen, cursors } = await openMochat();
    let failures = 3;
    const flaky: Store = { ...store, set: (...entry) => (failures-- > 0 ? Promise.reject(new TransientError("full")) : store.set(...entry)) };
    mochat.say("u-1", "hello");
    const { pass } = listen({ store: flaky });
    await pass(3);
    const second = listen();
    await second.rest();
    expect(second.texts()).toEqual([]);
    expect(cursors().at(-1)).toBe("m-1");
  });
});

describe("the memory of ids", () => {
  it("forgets the oldest first beyond ten thousand (MOCHAT-20, MOCHAT-51)", async () => {
    const { mochat, listen } = await openMochat();
    mochat.behave({ sinceId: "ignored", pageSize: 20_000 });
    for (let n = 1; n <= 10_001; n += 1) mochat.say("u-1", `text ${n}`);
    const { texts, rest } = listen();
    await rest();
    expect(texts()).toHaveLength(10_002);
    expect(texts().at(-1)).toBe("text 1");
  }, 30_000);

  it("suppresses ids that a bridge uses again after it began anew, and no others", async () => {
    const { sandbox, mochat, listen } = await openMochat();
    for (let n = 1; n <= 3; n += 1) mochat.say("u-1", `first life ${n}`);
    const { texts, rest, pass } = listen();
    await rest();
    sandbox.reset();
    for (let n = 1; n <= 5; n += 1) mochat.say("u-1", `second life ${n}`);
    await pass();
    expect(texts().slice(3)).toEqual(["second life 4", "second life 5"]);
  });
});

/** A store whose writes stop reaching the disk at a moment's notice, as those of a killed process do. */
function perishable(disk: Store): { readonly store: Store; readonly kill: () => void } {
  let target = disk;
  return {
    store: {
      get: (key) => target.get(key),
      set: (...entry) => target.set(...entry),
      setIfAbsent: (...entry) => target.setIfAbsent(...entry),
      delete: (key) => target.delete(key),
    },
    kill: () => {
      target = createMemoryStore();
    },
  };
}
