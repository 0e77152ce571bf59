import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../state/memory-store.ts";
import { createReplyRoutes, type ReplyRoutes } from "./reply-routes.ts";
import type { Store } from "../state/store.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";

interface Setup {
  clock: ManualClock;
  store: Store;
  /** Opens the routes again, as after a restart. */
  open: () => ReplyRoutes<string>;
  /** Remembers a route of one hour. */
  remember: (routes: ReplyRoutes<string>, keys: string[], route: string | { value: string; budget: number }) => Promise<void>;
}

function setUp(maxRoutes?: number): Setup {
  const clock = createManualClock();
  const store = createMemoryStore({ clock });
  return {
    clock,
    store,
    open: () => createReplyRoutes({ store, clock, ...(maxRoutes !== undefined && { maxRoutes }) }),
    remember: (routes, keys, route) =>
      routes.remember(keys, { ...(typeof route === "string" ? { value: route } : route), expiresAt: clock.now() + 3_600_000 }),
  };
}

describe("createReplyRoutes", () => {
  it("gives the newest route of a key and counts its uses", async () => {
    const { open, remember } = setUp();
    const routes = open();
    await remember(routes, ["chat"], "old");
    await remember(routes, ["chat"], "new");
    expect(await routes.use("chat")).toEqual({ value: "new", use: 1 });
    expect(await routes.use("chat")).toEqual({ value: "new", use: 2 });
    expect(await routes.use("other")).toBeUndefined();
  });

  it("ends a route when its budget is used up, under whichever key", async () => {
    const { open, remember } = setUp();
    const routes = open();
    await remember(routes, ["chat", "message"], { value: "ticket", budget: 3 });
    expect(await routes.use("chat")).toEqual({ value: "ticket", use: 1, remaining: 2 });
    expect(await routes.use("message")).toEqual({ value: "ticket", use: 2, remaining: 1 });
    expect(await routes.use("chat")).toEqual({ value: "ticket", use: 3, remaining: 0 });
    expect(await routes.use("message")).toBeUndefined();
  });

  it("gives each of many callers at once its own use", async () => {
    const { open, remember } = setUp();
    const routes = open();
    await remember(routes, ["chat"], { value: "ticket", budget: 5 });
    const uses = await Promise.all(Array.from({ length: 8 }, () => routes.use("chat")));
    expect(uses.map((used) => used?.use)).toEqual([1, 2, 3, 4, 5, undefined, undefined, undefined]);
  });

  it("ends a route when its time is over", async () => {
    const { clock, open, remember } = setUp();
    const routes = open();
    await remember(routes, ["chat"], "webhook");
    await clock.advance(3_599_999);
    expect(await routes.use("chat")).toBeDefined();
    await clock.advance(1);
    expect(await routes.use("chat")).toBeUndefined();
  });

  it("keeps an older route rather than one that has expired already", async () => {
    const { clock, open, remember } = setUp();
    const routes = open();
    await remember(routes, ["chat"], "good");
    await routes.remember(["chat"], { value: "expired", expiresAt: clock.now() });
    expect(await routes.use("chat")).toMatchObject({ value: "good" });
  });

  it("forgets a route under all its keys, and no other", async () => {
    const { open, remember } = setUp();
    const routes = open();
    await remember(routes, ["chat", "m-1"], "first");
    await remember(routes, ["chat", "m-2"], "second");
    await routes.forget("m-1");
    await routes.forget("unknown");
    expect(await routes.use("m-1")).toBeUndefined();
    expect(await routes.use("chat")).toMatchObject({ value: "second" });
    await routes.forget("chat");
    expect(await routes.use("m-2")).toBeUndefined();
  });

  it("survives a restart with the uses already counted", async () => {
    const { open, remember } = setUp();
    const before = open();
    await remember(before, ["chat"], { value: "ticket", budget: 3 });
    await before.use("chat");
    const after = open();
    expect(await after.use("chat")).toEqual({ value: "ticket", use: 2, remaining: 1 });
    await remember(after, ["other"], "new");
    expect(await after.use("chat")).toEqual({ value: "ticket", use: 3, remaining: 0 });
  });

  it("forgets the oldest route when there are too many, with the keys that lead to it", async () => {
    const { store, open, remember } = setUp(3);
    const routes = open();
    await remember(routes, ["chat", "m-1"], "1");
    for (const n of [2, 3, 4]) await remember(routes, n === 4 ? ["m-4", "chat"] : [`m-${n}`], String(n));
    const values = await Promise.all(["m-1", "m-2", "m-3", "m-4", "chat"].map(async (key) => (await routes.use(key))?.value));
    expect(values).toEqual([undefined, "2", "3", "4", "4"]);
    expect(await store.get("routes:key:m-1")).toBeUndefined();
  });

  it("stays bounded across restarts", async () => {
    const { open, remember } = setUp(3);
    for (let n = 1; n <= 10; n += 1) await remember(open(), [`m-${n}`], String(n));
    const routes = open();
    const kept = await Promise.all(Array.from({ length: 10 }, (_, index) => routes.use(`m-${index + 1}`)));
    expect(kept.filter((route) => route !== undefined).length).toBeLessThanOrEqual(3);
    expect(kept.at(-1)).toMatchObject({ value: "10" });
  });

  it("remembers many routes at once, in the order of the calls", async () => {
    const { open, remember } = setUp();
    const routes = open();
    await Promise.all(Array.from({ length: 250 }, (_, n) => remember(routes, ["chat", `m-${n}`], String(n))));
    expect(await routes.use("chat")).toMatchObject({ value: "249" });
    expect(await routes.use("m-0")).toMatchObject({ value: "0" });
  });

  it("goes on after the store failed once", async () => {
    const { clock, store } = setUp();
    let isBroken = true;
    const failing: Store = { ...store, get: (key) => (isBroken ? Promise.reject(new RangeError("disk full")) : store.get(key)) };
    const routes = createReplyRoutes<string>({ store: failing, clock });
    const route = { value: "webhook", expiresAt: clock.now() + 1_000 };
    await expect(routes.remember(["chat"], route)).rejects.toThrow("disk full");
    isBroken = false;
    await routes.remember(["chat"], route);
    expect(await routes.use("chat")).toMatchObject({ value: "webhook" });
  });

  it("refuses to keep nothing", () => {
    expect(() => setUp(0).open()).toThrow(RangeError);
  });
});
