import { describe, expect, it } from "vitest";
import { createFrameQueue, type Frame, type FrameQueue } from "./frame-queue.ts";

function start(maxCount = 4, maxBytes = 100): { queue: FrameQueue; calls: string[]; next: () => Promise<IteratorResult<Frame, unknown>> } {
  const calls: string[] = [];
  const queue = createFrameQueue({ maxCount, maxBytes, pause: () => void calls.push("pause"), resume: () => void calls.push("resume") });
  const reader = queue.frames[Symbol.asyncIterator]();
  return { queue, calls, next: () => reader.next() };
}

describe("createFrameQueue", () => {
  it("gives frames in order, those that wait and those that come later", async () => {
    const { queue, next } = start();
    queue.push("a");
    queue.push("b");
    expect([await next(), await next()]).toEqual([{ done: false, value: "a" }, { done: false, value: "b" }]);
    const later = next();
    queue.push("c");
    expect(await later).toEqual({ done: false, value: "c" });
  });

  it.each([
    ["count", 4, 1_000, "x"],
    ["bytes", 1_000, 40, "x".repeat(10)],
  ])("pauses its source at the limit of %s and resumes it at half", async (_limit, maxCount, maxBytes, frame) => {
    const { queue, calls, next } = start(maxCount, maxBytes);
    for (let count = 0; count < 3; count += 1) queue.push(frame);
    expect(calls).toEqual([]);
    queue.push(frame);
    queue.push(frame);
    expect(calls).toEqual(["pause"]);
    for (let count = 0; count < 3; count += 1) await next();
    expect(calls).toEqual(["pause"]);
    await next();
    expect(calls).toEqual(["pause", "resume"]);
  });

  it("gives an empty frame like any other", async () => {
    const { queue, next } = start();
    queue.push("");
    queue.push(new Uint8Array(0));
    expect([await next(), await next()].map(({ value }) => value)).toEqual(["", new Uint8Array(0)]);
  });

  it("ends after what waits has been read, and takes nothing more", async () => {
    const { queue, next } = start();
    queue.push("a");
    queue.end();
    queue.push("b");
    expect([await next(), await next()]).toEqual([{ done: false, value: "a" }, { done: true, value: undefined }]);
  });

  it("ends a reader that waits", async () => {
    const { queue, next } = start();
    const last = next();
    queue.end();
    expect(await last).toEqual({ done: true, value: undefined });
  });
});
