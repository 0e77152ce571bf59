import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createAnswerBudget } from "./answer-budget.ts";

describe("createAnswerBudget", () => {
  it("gives what a task comes to in time, and its error", async () => {
    const { within } = createAnswerBudget({ clock: createManualClock(), limitMs: 2_000, signal: new AbortController().signal });
    await expect(within(Promise.resolve("done"))).resolves.toBe("done");
    await expect(within(Promise.reject(new RangeError("failed")))).rejects.toThrow("failed");
  });

  it("is late by itself for each task, with one timer for all", async () => {
    const clock = createManualClock();
    const { within } = createAnswerBudget({ clock, limitMs: 2_000, signal: new AbortController().signal });
    const late: number[] = [];
    const start = (): void => void within(new Promise(() => undefined)).then(() => late.push(clock.monotonic()));
    start();
    await clock.advance(500);
    start();
    void within(Promise.resolve());
    await clock.advance(1_000);
    expect([late, clock.pending]).toEqual([[], 1]);
    await clock.advance(2_000);
    expect([late, clock.pending]).toEqual([[2_000, 2_500], 0]);
    start();
    await clock.advance(2_000);
    expect(late).toEqual([2_000, 2_500, 5_500]);
  });

  it("leaves no timer behind when it is aborted", async () => {
    const clock = createManualClock();
    const abort = new AbortController();
    const { within } = createAnswerBudget({ clock, limitMs: 2_000, signal: abort.signal });
    const task = Promise.withResolvers<string>();
    const result = within(task.promise);
    await clock.untilPending(1);
    abort.abort();
    task.resolve("done all the same");
    await expect(result).resolves.toBe("done all the same");
    expect(clock.pending).toBe(0);
  });
});
