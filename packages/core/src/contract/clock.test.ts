import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./clock.ts";

describe("systemClock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sleeps as long as it is told", async () => {
    const woken = vi.fn();
    void systemClock.sleep(1_000).then(woken);
    await vi.advanceTimersByTimeAsync(999);
    expect(woken).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toHaveBeenCalled();
  });

  it("wakes with the signal's own reason, and leaves no timer behind", async () => {
    const abort = new AbortController();
    const sleeping = systemClock.sleep(1_000, abort.signal);
    const reason = new RangeError("enough");
    abort.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not begin to sleep with a signal that is aborted already", async () => {
    const reason = new RangeError("enough");
    await expect(systemClock.sleep(1_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("measures spans by a clock that never goes backwards", () => {
    const start = systemClock.monotonic();
    vi.setSystemTime(0);
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(start);
  });
});
