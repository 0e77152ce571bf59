import { describe, expect, it } from "vitest";
import { createLanes, type LaneTask } from "./lanes.ts";

/** A task that runs until it is let go. */
function createTask(log: string[], name: string): { readonly task: LaneTask; letGo(): void } {
  const gate = Promise.withResolvers<undefined>();
  const task = async (): Promise<void> => {
    log.push(`${name} begins`);
    await gate.promise;
    log.push(`${name} ends`);
  };
  return { task, letGo: () => gate.resolve(undefined) };
}

describe("createLanes", () => {
  it("runs the tasks of one key one after another", async () => {
    const lanes = createLanes();
    const log: string[] = [];
    const [a, b] = [createTask(log, "a"), createTask(log, "b")];
    lanes.reserve("key", 9)?.fill(a.task);
    lanes.reserve("key", 9)?.fill(b.task);
    b.letGo();
    a.letGo();
    await lanes.idle();
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  it("runs tasks of different keys at once", async () => {
    const lanes = createLanes();
    const log: string[] = [];
    const [a, b] = [createTask(log, "a"), createTask(log, "b")];
    lanes.reserve("one", 9)?.fill(a.task);
    lanes.reserve("other", 9)?.fill(b.task);
    expect(log).toEqual(["a begins", "b begins"]);
    a.letGo();
    b.letGo();
    await lanes.idle();
  });

  it("counts what waits and what is reserved, but not what runs", () => {
    const lanes = createLanes();
    const { task } = createTask([], "a");
    lanes.reserve("key", 2)?.fill(task);
    lanes.reserve("key", 2)?.fill(task);
    const reserved = lanes.reserve("key", 2);
    expect(lanes.reserve("key", 2)).toBeUndefined();
    reserved?.[Symbol.dispose]();
    expect(lanes.reserve("key", 2)).toBeDefined();
  });

  it("keeps the place that was filled when it is disposed", async () => {
    const lanes = createLanes();
    const log: string[] = [];
    const a = createTask(log, "a");
    const place = lanes.reserve("key", 1);
    place?.fill(a.task);
    place?.[Symbol.dispose]();
    a.letGo();
    await lanes.idle();
    expect(log).toEqual(["a begins", "a ends"]);
  });

  it("begins nothing new once it is closed, and lets what runs end", async () => {
    const lanes = createLanes();
    const log: string[] = [];
    const [a, b, c] = [createTask(log, "a"), createTask(log, "b"), createTask(log, "c")];
    lanes.reserve("key", 9)?.fill(a.task);
    lanes.reserve("key", 9)?.fill(b.task);
    lanes.close();
    lanes.reserve("other", 9)?.fill(c.task);
    a.letGo();
    await lanes.idle();
    expect(log).toEqual(["a begins", "a ends"]);
  });
});
