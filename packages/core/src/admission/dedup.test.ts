import { describe, expect, it, vi } from "vitest";
import { createDedup } from "./dedup.ts";
import { createManualClock } from "../testing/manual-clock.ts";

describe("createDedup", () => {
  it("forgets the oldest of 10,000 ids, one for each new one (MOCHAT-20, MOCHAT-51)", () => {
    const dedup = createDedup({ maxCount: 10_000, clock: createManualClock() });
    for (let n = 1; n <= 10_000; n += 1) dedup.add(`m-${n}`);
    expect(dedup.has("m-1")).toBe(true);
    dedup.add("m-1");
    dedup.add("m-10001");
    expect(dedup.size).toBe(10_000);
    expect(["m-1", "m-2"].map((id) => dedup.has(id))).toEqual([false, true]);
    dedup.add("m-10002");
    expect(["m-2", "m-3"].map((id) => dedup.has(id))).toEqual([false, true]);
  });

  it("forgets ids by age", async () => {
    const clock = createManualClock();
    const dedup = createDedup({ maxCount: 10, maxAgeMs: 1_000, clock });
    dedup.add("a");
    await clock.advance(600);
    dedup.add("b");
    await clock.advance(399);
    expect(dedup.has("a")).toBe(true);
    await clock.advance(1);
    expect(dedup.newest(10)).toEqual(["b"]);
    await clock.advance(600);
    expect(dedup.size).toBe(0);
  });

  it("takes an id again once it is forgotten", async () => {
    const clock = createManualClock();
    const dedup = createDedup({ maxCount: 10, maxAgeMs: 1_000, clock });
    dedup.add("a");
    await clock.advance(1_000);
    dedup.add("a");
    await clock.advance(999);
    expect(dedup.has("a")).toBe(true);
  });

  it("gives the newest ids, oldest first", () => {
    const dedup = createDedup({ maxCount: 3, clock: createManualClock() });
    for (const id of ["a", "b", "c", "d"]) dedup.add(id);
    expect(dedup.newest(2)).toEqual(["c", "d"]);
    expect(dedup.newest(9)).toEqual(["b", "c", "d"]);
    expect(dedup.newest(0)).toEqual([]);
  });

  it.each([0, -1, NaN])("refuses room for %s ids", (maxCount) => {
    expect(() => createDedup({ maxCount, clock: createManualClock() })).toThrow(RangeError);
  });
});

describe("once", () => {
  it("runs the task of an id once", async () => {
    const dedup = createDedup({ maxCount: 10, clock: createManualClock() });
    const task = vi.fn(() => Promise.resolve("done"));
    expect(await dedup.once("a", task)).toBe("done");
    expect(await dedup.once("a", task)).toBe("duplicate");
    expect(task).toHaveBeenCalledOnce();
  });

  it("lets calls that come meanwhile wait for the run", async () => {
    const dedup = createDedup({ maxCount: 10, clock: createManualClock() });
    const run = Promise.withResolvers<string>();
    const first = dedup.once("a", () => run.promise);
    const second = dedup.once("a", () => Promise.resolve("ran twice"));
    expect(dedup.has("a")).toBe(false);
    run.resolve("done");
    expect(await Promise.all([first, second])).toEqual(["done", "duplicate"]);
    expect(dedup.has("a")).toBe(true);
  });

  it("gives a failure to everybody who waits, and the message another chance", async () => {
    const dedup = createDedup({ maxCount: 10, clock: createManualClock() });
    const run = Promise.withResolvers<string>();
    const calls = [dedup.once("a", () => run.promise), dedup.once("a", () => Promise.resolve("ran twice"))];
    run.reject(new RangeError("disk full"));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await dedup.once("a", () => Promise.resolve("done"))).toBe("done");
  });

  it("releases the id of a task that throws at once", async () => {
    const dedup = createDedup({ maxCount: 10, clock: createManualClock() });
    const broken = (): Promise<string> => {
      throw new RangeError("broken");
    };
    await expect(dedup.once("a", broken)).rejects.toThrow("broken");
    expect(await dedup.once("a", () => Promise.resolve("done"))).toBe("done");
  });
});
