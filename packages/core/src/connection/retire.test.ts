import { describe, expect, it } from "vitest";
import { keepConnected, type EndReason, type KeepConnectedOptions } from "./connection.ts";
import { createContext } from "../contract/context.ts";
import { AuthError, TransientError } from "../contract/errors.ts";
import { createStatusRecorder, type StatusRecorder } from "../contract/status.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { recordingLogger, type RecordingLogger } from "../testing/recording-logger.ts";

/** One connection of a test; it lasts until it is ended or disposed of. */
interface TestConnection extends AsyncDisposable {
  readonly begunAt: number;
  isOpen: boolean;
  retire: () => void;
  end(reason: EndReason): void;
}

interface World {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly status: StatusRecorder;
  readonly abort: AbortController;
  readonly kept: Promise<void>;
  readonly made: TestConnection[];
  /** What the next attempts to connect fail with. */
  readonly refusals: Error[];
}

function start(options: Partial<KeepConnectedOptions<TestConnection>> = {}): World {
  const clock = createManualClock();
  const logger = recordingLogger();
  const status = createStatusRecorder(clock);
  const abort = new AbortController();
  const [made, refusals]: [TestConnection[], Error[]] = [[], []];
  const ends = new Map<TestConnection, Promise<EndReason>>();
  const kept = keepConnected<TestConnection>({
    context: createContext("test", { clock, logger, random: () => 0.5 }),
    status,
    backoff: { baseMs: 1_000, maxMs: 60_000 },
    signal: abort.signal,
    connect: (signal) => {
      const refusal = refusals.shift();
      if (refusal !== undefined) return Promise.reject(refusal);
      const { promise, resolve } = Promise.withResolvers<EndReason>();
      const connection: TestConnection = {
        begunAt: clock.monotonic(),
        isOpen: true,
        retire: () => undefined,
        end: (reason) => {
          connection.isOpen = false;
          resolve(reason);
        },
        [Symbol.asyncDispose]: () => {
          connection.end({ code: 1_000, reason: "" });
          return Promise.resolve();
        },
      };
      signal.addEventListener("abort", () => connection.end({ code: 1_000, reason: "stopped" }), { once: true });
      made.push(connection);
      ends.set(connection, promise);
      return Promise.resolve(connection);
    },
    run: (connection, _signal, retire) => {
      connection.retire = retire;
      return ends.get(connection) ?? Promise.reject(new TypeError("unknown connection"));
    },
    ...options,
  });
  kept.catch(() => undefined);
  return { clock, logger, status, abort, kept, made, refusals };
}

const openOf = ({ made }: World): boolean[] => made.map(({ isOpen }) => isOpen);

describe("keepConnected with a connection that retires", () => {
  it("makes the next one at once and uses both, until the old one is over", async () => {
    const world = start();
    await world.clock.advance(20_000);
    world.made[0]?.retire();
    await world.clock.advance(0);
    expect([openOf(world), world.made[1]?.begunAt]).toEqual([[true, true], 20_000]);
    world.made[0]?.end({ code: 1_006, reason: "" });
    await world.clock.advance(60_000);
    expect([openOf(world), world.clock.pending]).toEqual([[false, true], 0]);
    expect(world.status.snapshot()).toMatchObject({ state: "connected", reconnects: 0 });
    expect(world.logger.entries.filter(({ level }) => level === "warn")).toEqual([]);
  });

  it("ends the old one itself when that takes too long", async () => {
    const world = start({ overlapMs: 12_000 });
    await world.clock.advance(20_000);
    world.made[0]?.retire();
    await world.clock.advance(11_999);
    expect(openOf(world)).toEqual([true, true]);
    await world.clock.advance(1);
    expect(openOf(world)).toEqual([false, true]);
  });

  it("keeps the old one while the next cannot be made, and backs off as ever", async () => {
    const world = start();
    await world.clock.advance(20_000);
    world.refusals.push(new TransientError("down"), new TransientError("down"));
    world.made[0]?.retire();
    await world.clock.advance(0);
    expect([openOf(world), world.status.snapshot().state]).toEqual([[true], "backoff"]);
    await world.clock.advance(4_000);
    expect(openOf(world)).toEqual([true, true]);
  });

  it("does not hurry for connections that retire as soon as they are made", async () => {
    const world = start();
    await world.clock.advance(20_000);
    for (let count = 0; count < 200; count += 1) {
      world.made.at(-1)?.retire();
      await world.clock.advance(100);
    }
    expect(world.made.length).toBeLessThan(8);
  });

  it("leaves neither open when it is aborted", async () => {
    const world = start();
    await world.clock.advance(20_000);
    world.made[0]?.retire();
    await world.clock.advance(0);
    world.abort.abort();
    await world.kept;
    expect([openOf(world), world.clock.pending, world.status.snapshot().state]).toEqual([[false, false], 0, "stopped"]);
  });

  it("leaves neither open when the next one fails for good", async () => {
    const world = start();
    await world.clock.advance(20_000);
    world.refusals.push(new AuthError("refused"));
    world.made[0]?.retire();
    await expect(world.kept).rejects.toThrow("refused");
    expect([openOf(world), world.clock.pending]).toEqual([[false], 0]);
  });
});

describe("keepConnected's wait for an operator", () => {
  it("shows as failed and is an error in the log, once in a row", async () => {
    const world = start({ afterError: () => ({ waitMs: 60_000, state: "failed" }), connect: () => Promise.reject(new AuthError("refused")) });
    await world.clock.advance(600_000);
    expect(world.status.snapshot()).toMatchObject({ state: "failed", lastError: "refused" });
    expect(world.logger.entries.filter(({ level }) => level === "error")).toHaveLength(1);
  });
});
