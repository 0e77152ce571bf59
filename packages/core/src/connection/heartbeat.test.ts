import { describe, expect, it } from "vitest";
import type { Clock } from "../contract/clock.ts";
import { createHeartbeat, type Heartbeat, type HeartbeatOptions } from "./heartbeat.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";

interface World {
  readonly clock: ManualClock;
  readonly heartbeat: Heartbeat;
  readonly abort: AbortController;
  /** When pings went out, ms from the start. */
  readonly pings: number[];
  /** When it was found stale, and after how much silence. */
  readonly stale: (readonly [atMs: number, silentMs: number])[];
}

function start(options: Partial<HeartbeatOptions> = {}, wallJump = { ms: 0 }): World {
  const clock = createManualClock();
  const jumping: Clock = {
    now: () => clock.now() + wallJump.ms,
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
  const abort = new AbortController();
  const [pings, stale]: [number[], (readonly [number, number])[]] = [[], []];
  const heartbeat = createHeartbeat({
    clock: jumping,
    intervalMs: 30_000,
    timeoutMs: 75_000,
    ping: () => void pings.push(clock.monotonic()),
    onStale: (silentMs) => void stale.push([clock.monotonic(), silentMs]),
    signal: abort.signal,
    ...options,
  });
  return { clock, heartbeat, abort, pings, stale };
}

describe("createHeartbeat", () => {
  it("pings at every interval, first after one", async () => {
    const { clock, heartbeat, pings } = start();
    for (let second = 0; second < 95; second += 5) {
      await clock.advance(5_000);
      heartbeat.heard();
    }
    expect(pings).toEqual([30_000, 60_000, 90_000]);
  });

  it("pings at once where that is asked for", async () => {
    const { clock, pings } = start({ immediate: true });
    expect(pings).toEqual([0]);
    await clock.advance(30_000);
    expect(pings).toEqual([0, 30_000]);
  });

  it("finds a silent connection stale exactly at the timeout, once, and then stands still", async () => {
    const { clock, pings, stale } = start();
    await clock.advance(20_000 + 54_999);
    expect(stale).toEqual([]);
    await clock.advance(1);
    expect(stale).toEqual([[75_000, 75_000]]);
    await clock.advance(300_000);
    expect([stale.length, pings, clock.pending]).toEqual([1, [30_000, 60_000], 0]);
  });

  it("counts from the last thing heard", async () => {
    const { clock, heartbeat, stale } = start();
    await clock.advance(70_000);
    heartbeat.heard();
    await clock.advance(74_999);
    expect(stale).toEqual([]);
    await clock.advance(1);
    expect(stale).toEqual([[145_000, 75_000]]);
  });

  it("sets no timer when something is heard", async () => {
    const { clock, heartbeat } = start();
    for (let frame = 0; frame < 1_000; frame += 1) heartbeat.heard();
    await clock.advance(0);
    expect(clock.pending).toBe(1);
  });

  it.each([
    ["a shorter interval at once", 5_000, [12_000, 17_000]],
    ["a longer interval", 20_000, [20_000]],
    ["an interval that is over already", 4_000, [12_000, 16_000, 20_000]],
  ])("takes over %s, counted from the last ping", async (_title, intervalMs, expected) => {
    const { clock, heartbeat, pings } = start();
    await clock.advance(12_000);
    heartbeat.setInterval(intervalMs);
    await clock.advance(8_000);
    expect(pings).toEqual(expected);
  });

  it("never pings more often than ten times a second, whatever it is told", async () => {
    const { clock, heartbeat, pings } = start();
    heartbeat.setInterval(0);
    await clock.advance(1_000);
    expect(pings).toHaveLength(10);
  });

  it("notices within 10 s that the machine slept, when only the wall clock went on", async () => {
    const wallJump = { ms: 0 };
    const { clock, stale } = start({}, wallJump);
    await clock.advance(1_000);
    wallJump.ms = 300_000;
    await clock.advance(9_000);
    expect(stale).toEqual([[10_000, 310_000]]);
  });

  it("is not deceived by a wall clock that is set back", async () => {
    const wallJump = { ms: 0 };
    const { clock, stale } = start({}, wallJump);
    wallJump.ms = -3_600_000;
    await clock.advance(75_000);
    expect(stale).toEqual([[75_000, 75_000]]);
  });

  it.each<[string, () => void | Promise<void>]>([
    ["throws", () => {
      throw new TypeError("closed");
    }],
    ["rejects", () => Promise.reject(new TypeError("closed"))],
  ])("takes a ping that %s for a stale connection", async (_title, ping) => {
    const { clock, stale } = start({ ping });
    await clock.advance(60_000);
    expect(stale).toEqual([[30_000, 30_000]]);
  });

  it("watches on while a ping hangs", async () => {
    const { clock, stale } = start({ ping: () => new Promise(() => undefined) });
    await clock.advance(75_000);
    expect(stale).toHaveLength(1);
  });

  it("ends with its signal and leaves nothing behind", async () => {
    const { clock, abort, pings, stale } = start();
    await clock.advance(30_000);
    abort.abort();
    await clock.advance(300_000);
    expect([pings, stale, clock.pending]).toEqual([[30_000], [], 0]);
    expect(start({ signal: AbortSignal.abort() }).clock.pending).toBe(0);
  });
});
