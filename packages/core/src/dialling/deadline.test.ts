import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { withDeadline } from "./deadline.ts";

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });

describe("withDeadline", () => {
  it("aborts the task at the limit with a TimeoutError", async () => {
    await expect(withDeadline(5, undefined, untilAborted)).rejects.toMatchObject({ name: "TimeoutError", message: "no answer within 5 ms" });
  });

  it("aborts the task with the caller's reason", async () => {
    const caller = new AbortController();
    const task = withDeadline(60_000, caller.signal, untilAborted);
    const reason = new TypeError("stopped");
    caller.abort(reason);
    await expect(task).rejects.toBe(reason);
  });

  it("does not start when the caller has aborted already", async () => {
    let hasStarted = false;
    const start = (): Promise<void> => {
      hasStarted = true;
      return Promise.resolve();
    };
    await expect(withDeadline(60_000, AbortSignal.abort(), start)).rejects.toMatchObject({ name: "AbortError" });
    expect(hasStarted).toBe(false);
  });

  it("leaves no timer and no listener behind, whether the task succeeds or fails", async () => {
    const { signal } = new AbortController();
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    expect(await withDeadline(60_000, signal, () => Promise.resolve("done"))).toBe("done");
    await expect(withDeadline(60_000, signal, () => Promise.reject(new TypeError("no")))).rejects.toThrow("no");
    expect([timers(), getEventListeners(signal, "abort").length]).toEqual([before, 0]);
  });
});
