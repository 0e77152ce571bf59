import { describe, expect, it } from "vitest";
import { keepConnected, type EndReason, type KeepConnectedOptions } from "./connection.ts";
import { createContext } from "../contract/context.ts";
import { AuthError, RateLimitError, TransientError } from "../contract/errors.ts";
import { createStatusRecorder, type StatusRecorder } from "../contract/status.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { recordingLogger, type RecordingLogger } from "../testing/recording-logger.ts";

/** One connection of the script: it fails to open, or lives for a while and ends or fails. */
type Life = { readonly refuse: Error } | { readonly lastsMs: number; readonly end?: EndReason; readonly fail?: Error };

const DOWN = { refuse: new TransientError("down") } as const;
const CLOSED: EndReason = { code: 4_009, reason: "session timed out" };
const flap = (lastsMs = 0): Life => ({ lastsMs, end: CLOSED });
const SILENT: Life = { lastsMs: Infinity };

interface World {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly status: StatusRecorder;
  readonly abort: AbortController;
  readonly kept: Promise<void>;
  /** When each connection was begun, ms from the start. */
  readonly begun: number[];
  /** Connections that are open at the moment. */
  readonly open: Set<AsyncDisposable>;
}

type Options = Partial<KeepConnectedOptions<AsyncDisposable>>;

/** Keeps connections that live as `lives` says, the last one for ever. Random is 1/2, so a full-jitter wait is half of its bound. */
function start(lives: readonly Life[], options: Options = {}): World {
  const clock = createManualClock();
  const logger = recordingLogger();
  const status = createStatusRecorder(clock);
  const abort = new AbortController();
  const [begun, open]: [number[], Set<AsyncDisposable>] = [[], new Set()];
  const current = (): Life => lives[Math.min(begun.length, lives.length) - 1] ?? SILENT;
  const kept = keepConnected({
    context: createContext("test", { clock, logger, random: () => 0.5 }),
    status,
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    signal: abort.signal,
    connect: () => {
      begun.push(clock.monotonic());
      const life = current();
      if ("refuse" in life) return Promise.reject(life.refuse);
      const connection: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve(void open.delete(connection)) };
      open.add(connection);
      return Promise.resolve(connection);
    },
    run: async (_connection, signal) => {
      const life = current();
      if ("refuse" in life) throw life.refuse;
      if (life.lastsMs > 0) await clock.sleep(life.lastsMs, signal);
      if (life.fail !== undefined) throw life.fail;
      return life.end ?? CLOSED;
    },
    ...options,
  });
  kept.catch(() => undefined);
  return { clock, logger, status, abort, kept, begun, open };
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
const lines = (logger: RecordingLogger): string[] => logger.entries.map(({ level, message }) => `${level} ${message}`);

describe("keepConnected", () => {
  it("connects again, waiting longer after every failure", async () => {
    const { clock, begun, status } = start([DOWN, DOWN, DOWN, SILENT]);
    await clock.advance(10_000);
    expect(begun).toEqual([0, 500, 1_500, 3_500]);
    expect(status.snapshot()).toMatchObject({ state: "connected", reconnects: 0 });
  });

  it("never gives up and never waits longer than the maximum", async () => {
    const { clock, begun } = start([DOWN]);
    await clock.advance(3_600_000);
    const waits = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
    expect(begun.length).toBeGreaterThan(110);
    expect(Math.max(...waits)).toBe(30_000);
  });

  it("forgets failures once a connection has lasted", async () => {
    const { clock, begun } = start([DOWN, DOWN, flap(10_000), DOWN, SILENT]);
    await clock.advance(60_000);
    expect(begun).toEqual([0, 500, 1_500, 12_000, 13_000]);
  });

  it("does not count a connection as one until it has heard something, and never one that ended before", async () => {
    const heard = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
    let count = 0;
    const { clock, status, logger } = start([flap(300_000), SILENT], { heard: () => heard[count++ === 0 ? 0 : 1].promise });
    await clock.advance(200_000);
    expect(status.snapshot()).toMatchObject({ state: "connecting", reconnects: 0 });
    await clock.advance(100_500);
    heard[0].resolve(undefined);
    await clock.advance(100_000);
    expect(status.snapshot()).toMatchObject({ state: "connecting", lastError: "closed with code 4009: session timed out" });
    expect(lines(logger)).not.toContain("info connected");
    heard[1].resolve(undefined);
    await clock.advance(0);
    expect(status.snapshot()).toMatchObject({ state: "connected", reconnects: 0 });
  });

  it("counts a connection that did not last as a failure", async () => {
    const { clock, begun } = start([flap(9_999), flap(9_999), SILENT]);
    await clock.advance(60_000);
    expect(begun).toEqual([0, 10_499, 21_498]);
  });

  it("has disposed of each connection before it makes the next, however the last one ended", async () => {
    const sizes: number[] = [];
    const world = start([flap(), { lastsMs: 5, fail: new TypeError("bug") }, SILENT], {
      afterEnd: () => {
        sizes.push(world.open.size);
        return "backoff";
      },
      afterError: () => {
        sizes.push(world.open.size);
        return "backoff";
      },
    });
    await world.clock.advance(60_000);
    expect([sizes, world.open.size, world.begun.length]).toEqual([[0, 0], 1, 3]);
  });
});

describe("keepConnected's next step", () => {
  it("can be to reconnect at once, but only the first time in a row", async () => {
    const { clock, begun } = start([flap(20_000), flap(), flap(), SILENT], { afterEnd: () => "reconnect-now" });
    await clock.advance(60_000);
    expect(begun).toEqual([0, 20_000, 21_000, 23_000]);
  });

  it("can be to wait for as long as the platform says, up to an hour", async () => {
    const limited = { refuse: new RateLimitError("slow down", { retryAfterMs: 7_000 }) };
    const { clock, begun } = start([limited, flap(), SILENT], { afterEnd: () => ({ waitMs: 9e9 }) });
    await clock.advance(3_700_000);
    expect(begun).toEqual([0, 7_000, 3_607_000]);
  });

  it("is fatal when the platform refuses the credentials", async () => {
    const error = new AuthError("refused");
    const { kept, status, clock } = start([{ refuse: error }]);
    await expect(kept).rejects.toBe(error);
    expect(status.snapshot()).toMatchObject({ state: "failed", lastError: "refused" });
    expect(clock.pending).toBe(0);
  });

  it("is what the channel says an error means", async () => {
    const { clock, begun } = start([{ refuse: new AuthError("a used ticket") }, SILENT], { afterError: () => "reconnect-now" });
    await clock.advance(0);
    expect(begun).toEqual([0, 0]);
  });

  it("may be fatal for an end, which then becomes an error", async () => {
    const { kept, open } = start([flap()], { afterEnd: ({ code }) => (code === 4_009 ? "fatal" : "backoff") });
    await expect(kept).rejects.toMatchObject({ code: "transient", closeCode: 4_009, message: "closed with code 4009: session timed out" });
    expect(open.size).toBe(0);
  });
});

describe("keepConnected's end", () => {
  it.each<[string, Life, Options]>([
    ["while it connects", SILENT, { connect: untilAborted }],
    ["while it is connected", SILENT, {}],
    ["while it waits", DOWN, {}],
  ])("by an abort %s resolves with nothing left open", async (_title, life, options) => {
    const { clock, abort, kept, status, open } = start([life], options);
    await clock.advance(100);
    abort.abort();
    await kept;
    expect([status.snapshot().state, clock.pending, open.size]).toEqual(["stopped", 0, 0]);
  });

  it("comes before anything is begun when the signal has aborted already", async () => {
    const { kept, begun } = start([SILENT], { signal: AbortSignal.abort() });
    await kept;
    expect(begun).toEqual([]);
  });
});

describe("keepConnected's log", () => {
  it("warns of the first failure in a row and of every twentieth, and tells when it is over", async () => {
    const { clock, logger } = start([...Array<Life>(42).fill(DOWN), SILENT]);
    await clock.advance(3_600_000);
    const told = lines(logger).filter((line) => !line.startsWith("debug"));
    expect(told).toEqual([...Array<string>(3).fill("warn cannot connect, trying again"), "info connected"]);
    expect(logger.entries[0]?.fields).toEqual({ channel: "test", attempt: 1, delayMs: 500, reason: "down" });
  });

  it("does not fill up when connections open and break at once", async () => {
    const { clock, logger } = start([flap()]);
    await clock.advance(300_000);
    const told = lines(logger).filter((line) => !line.startsWith("debug"));
    expect(told).toEqual(["info connected", "warn connection lost, connecting again", "info connected"]);
  });

  it("keeps the reason for the status until it is connected again", async () => {
    const { clock, status } = start([flap(20_000), SILENT]);
    await clock.advance(20_100);
    expect(status.snapshot()).toMatchObject({ state: "backoff", lastError: "closed with code 4009: session timed out" });
    await clock.advance(1_000);
    expect(status.snapshot()).toMatchObject({ state: "connected", reconnects: 1 });
    expect(status.snapshot()).not.toHaveProperty("lastError");
  });
});
