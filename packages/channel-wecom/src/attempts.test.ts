import { AuthError, createContext, createPace, createStatusRecorder, PlatformError, RateLimitError, TransientError, UnknownOutcomeError } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createAttempts } from "./attempts.ts";
import { LIMITS } from "./limits.ts";

const busy = new TransientError("busy");
const limited = new RateLimitError("slow down", { retryAfterMs: 61_000 });

function setUp() {
  const clock = createManualClock();
  const logger = recordingLogger();
  const status = createStatusRecorder(clock);
  const context = createContext("wecom", { clock, logger, random: () => 0.5 });
  const pace = createPace({ count: LIMITS.paceCount, windowMs: LIMITS.paceWindowMs, maxWaiting: LIMITS.paceMaxWaiting, clock });
  return { clock, logger, status, attempts: createAttempts({ context, pace, status }) };
}

/** A call that fails as given, then succeeds. */
function scripted(...failures: readonly Error[]) {
  let count = 0;
  return {
    run: (): Promise<string> => {
      const failure = failures[count];
      count += 1;
      return failure === undefined ? Promise.resolve("done") : Promise.reject(failure);
    },
    get count() {
      return count;
    },
  };
}

describe("createAttempts", () => {
  it("waits a minute after each 45009 and then delivers once (WECOM-33)", async () => {
    const { clock, attempts } = setUp();
    const call = scripted(limited, limited);
    const run = attempts(call.run);
    await clock.advance(60_999);
    expect(call.count).toBe(1);
    await clock.advance(1);
    expect(call.count).toBe(2);
    await clock.advance(61_000);
    expect(await run).toBe("done");
    expect(call.count).toBe(3);
  });

  it("holds every other call back while the platform's window lasts", async () => {
    const { clock, attempts } = setUp();
    const first = attempts(scripted(limited).run);
    await clock.advance(0);
    const other = scripted();
    const second = attempts(other.run);
    await clock.advance(60_999);
    expect(other.count).toBe(0);
    await clock.advance(1);
    await Promise.all([first, second]);
    expect(other.count).toBe(1);
  });

  it("tries a busy platform three times, one and two seconds apart (WECOM-33)", async () => {
    const { clock, attempts, logger } = setUp();
    const call = scripted(busy, busy, busy);
    const run = attempts(call.run);
    const outcome = expect(run).rejects.toBe(busy);
    await clock.advance(999);
    expect(call.count).toBe(1);
    await clock.advance(1);
    expect(call.count).toBe(2);
    await clock.advance(2_000);
    await outcome;
    expect(call.count).toBe(3);
    expect(logger.entries.map(({ level, fields }) => [level, fields["attempt"], fields["delayMs"]])).toEqual([
      ["warn", 1, 1000],
      ["warn", 2, 2000],
    ]);
  });

  it.each([
    ["an unknown outcome", new UnknownOutcomeError("lost")],
    ["a refused key", new AuthError("no")],
    ["a refused message", new PlatformError("no", { platformCode: "40058", platformMessage: "no" })],
    ["a mistake of ours", new TypeError("no")],
  ])("never repeats after %s (WECOM-33, WECOM-34)", async (_title, failure) => {
    const { clock, attempts } = setUp();
    const call = scripted(failure);
    await expect(attempts(call.run)).rejects.toBe(failure);
    await clock.advance(600_000);
    expect(call.count).toBe(1);
  });

  it("makes 20 calls in the first minute and the 21st in the next (WECOM-32)", async () => {
    const { clock, attempts } = setUp();
    const call = scripted();
    const runs = Array.from({ length: 21 }, () => attempts(call.run));
    await clock.advance(60_999);
    expect(call.count).toBe(20);
    await clock.advance(1);
    await Promise.all(runs);
    expect(call.count).toBe(21);
  });

  it("refuses a call when a hundred wait already (WECOM-32)", async () => {
    const { clock, attempts } = setUp();
    const call = scripted();
    const runs = Array.from({ length: 120 }, () => attempts(call.run));
    await expect(attempts(call.run)).rejects.toMatchObject({ code: "rate-limit" });
    await clock.advance(361_000);
    await Promise.all(runs);
    expect(call.count).toBe(120);
  });

  it("tries once where the caller says so", async () => {
    const { attempts } = setUp();
    const call = scripted(busy);
    await expect(attempts(call.run, { maxTries: 1 })).rejects.toBe(busy);
  });

  it("lets an abort end the waiting", async () => {
    const { clock, attempts } = setUp();
    const abort = new AbortController();
    const run = attempts(scripted(limited).run, { signal: abort.signal });
    const outcome = expect(run).rejects.toBe("enough");
    await clock.untilPending(1);
    abort.abort("enough");
    await outcome;
    expect(clock.pending).toBe(0);
  });

  it("tells the status what it finds out", async () => {
    const { clock, attempts, status } = setUp();
    await expect(attempts(scripted(new AuthError("key refused")).run)).rejects.toThrow();
    expect(status.snapshot()).toMatchObject({ state: "failed", lastError: "key refused" });
    const run = attempts(scripted(busy).run);
    await clock.untilPending(1);
    expect(status.snapshot()).toMatchObject({ state: "backoff", lastError: "busy" });
    await clock.advance(1000);
    await run;
    expect(status.snapshot().state).toBe("connected");
    expect(status.snapshot().lastError).toBeUndefined();
  });
});
