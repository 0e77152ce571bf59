import { describe, expect, it } from "vitest";
import { RateLimitError } from "../contract/errors.ts";
import { createKeyedQueue, type KeyedQueue } from "./keyed-queue.ts";

/** Tasks that end when the test says so. */
function tasksOn(queue: KeyedQueue): { begun: string[]; add: (key: string, name: string, signal?: AbortSignal) => Promise<string>; end: (name: string) => Promise<void>; fail: (name: string) => Promise<void> } {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    add(key, name, signal) {
      const end = Promise.withResolvers<string>();
      ends.set(name, end);
      return queue.run(
        key,
        () => {
          begun.push(name);
          return end.promise;
        },
        signal,
      );
    },
    end(name) {
      ends.get(name)?.resolve(name);
      return settle();
    },
    fail(name) {
      ends.get(name)?.reject(new RangeError(name));
      return settle();
    },
  };
}

describe("createKeyedQueue", () => {
  it("runs tasks of one key one after another and gives their results", async () => {
    const { begun, add, end } = tasksOn(createKeyedQueue({ maxParallel: 9, maxWaiting: 9 }));
    const all = [add("k", "a"), add("k", "b"), add("k", "c")];
    expect(begun).toEqual(["a"]);
    await end("a");
    expect(begun).toEqual(["a", "b"]);
    await end("b");
    await end("c");
    expect(await Promise.all(all)).toEqual(["a", "b", "c"]);
  });

  it("runs tasks of different keys at once, as many as may", async () => {
    const { begun, add, end } = tasksOn(createKeyedQueue({ maxParallel: 2, maxWaiting: 9 }));
    const all = [add("k1", "a"), add("k1", "b"), add("k2", "c"), add("k3", "d")];
    expect(begun).toEqual(["a", "c"]);
    await end("c");
    expect(begun).toEqual(["a", "c", "d"]);
    await end("a");
    expect(begun).toEqual(["a", "c", "d", "b"]);
    await end("b");
    await end("d");
    await Promise.all(all);
  });

  it("goes on after a task that failed", async () => {
    const { begun, add, end, fail } = tasksOn(createKeyedQueue({ maxParallel: 1, maxWaiting: 9 }));
    const outcomes = Promise.allSettled([add("k", "a"), add("k", "b")]);
    await fail("a");
    expect(begun).toEqual(["a", "b"]);
    await end("b");
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  it("refuses what it has no room for, but runs what need not wait", async () => {
    const { begun, add, end } = tasksOn(createKeyedQueue({ maxParallel: 2, maxWaiting: 1 }));
    const all = [add("k", "a"), add("k", "b")];
    await expect(add("k", "c")).rejects.toThrow(RateLimitError);
    all.push(add("other", "d"));
    expect(begun).toEqual(["a", "d"]);
    for (const name of ["a", "b", "d"]) await end(name);
    await Promise.all(all);
  });

  it("lets a waiting task be aborted, and never runs it", async () => {
    const { begun, add, end } = tasksOn(createKeyedQueue({ maxParallel: 1, maxWaiting: 2 }));
    const stop = new AbortController();
    const first = add("k", "a");
    const second = add("k", "b", stop.signal);
    stop.abort(new RangeError("not needed"));
    await expect(second).rejects.toThrow("not needed");
    const third = add("k", "c");
    await end("a");
    expect(begun).toEqual(["a", "c"]);
    await end("c");
    await Promise.all([first, third]);
  });

  it("does not touch a task that runs when its signal aborts", async () => {
    const { add, end } = tasksOn(createKeyedQueue({ maxParallel: 1, maxWaiting: 0 }));
    const stop = new AbortController();
    const running = add("k", "a", stop.signal);
    stop.abort();
    await end("a");
    expect(await running).toBe("a");
    await expect(add("k", "b", stop.signal)).rejects.toThrow("aborted");
  });

  it("refuses to run nothing at once", () => {
    expect(() => createKeyedQueue({ maxParallel: 0, maxWaiting: 1 })).toThrow(RangeError);
  });
});
