import { describe, expect, it } from "vitest";
import { createManualClock, type ManualClock } from "./manual-clock.ts";

function sleepersOn(clock: ManualClock): { woken: string[]; sleep: (name: string, ms: number) => Promise<void> } {
  const woken: string[] = [];
  return { woken, sleep: (name, ms) => clock.sleep(ms).then(() => void woken.push(`${name} at ${clock.monotonic()}`)) };
}

describe("createManualClock", () => {
  it("stands still until it is moved", async () => {
    const clock = createManualClock(5_000);
    expect([clock.now(), clock.monotonic()]).toEqual([5_000, 0]);
    await clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([5_250, 250]);
  });

  it("wakes sleepers in the order of their time, and of their coming where it is the same", async () => {
    const clock = createManualClock();
    const { woken, sleep } = sleepersOn(clock);
    void Promise.all([sleep("late", 300), sleep("first", 100), sleep("second", 100), sleep("never", 301)]);
    await clock.advance(300);
    expect(woken).toEqual(["first at 100", "second at 100", "late at 300"]);
    expect(clock.pending).toBe(1);
  });

  it("wakes a loop that sleeps again within the same advance", async () => {
    const clock = createManualClock();
    const ticks: number[] = [];
    const loop = async (): Promise<void> => {
      while (ticks.length < 3) {
        await clock.sleep(100);
        ticks.push(clock.monotonic());
      }
    };
    const running = loop();
    await clock.advance(1_000);
    await running;
    expect(ticks).toEqual([100, 200, 300]);
  });

  it("lets what a sleeper set going settle before it wakes the next", async () => {
    const clock = createManualClock();
    const seen: string[] = [];
    const slow = clock.sleep(100).then(async () => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      seen.push("first is done");
    });
    const second = clock.sleep(101).then(() => void seen.push("second wakes"));
    await clock.advance(200);
    await Promise.all([slow, second]);
    expect(seen).toEqual(["first is done", "second wakes"]);
  });

  it("rejects a sleeper that is aborted, with the signal's reason, and forgets it", async () => {
    const clock = createManualClock();
    const stop = new AbortController();
    const sleeping = clock.sleep(100, stop.signal);
    const reason = new RangeError("enough");
    stop.abort(reason);
    expect(clock.pending).toBe(0);
    await expect(sleeping).rejects.toBe(reason);
    await expect(clock.sleep(100, stop.signal)).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it("tells when enough sleepers wait", async () => {
    const clock = createManualClock();
    const seen: string[] = [];
    const watching = clock.untilPending(2).then(() => void seen.push("two wait"));
    const first = clock.sleep(100);
    await clock.advance(0);
    expect(seen).toEqual([]);
    const second = clock.sleep(100);
    await watching;
    await clock.untilPending(1);
    await clock.advance(100);
    await Promise.all([first, second]);
  });
});
