import { createContext, TransientError, UnknownOutcomeError, type ChannelContext, type HttpReply } from "@revka/core";
import { createManualClock, type ManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { postPatiently } from "./post-patiently.ts";

type Outcome = Error | HttpReply;

function replyOf(status: number, retryAfter?: string): HttpReply {
  const headers = new Headers(retryAfter === undefined ? {} : { "retry-after": retryAfter });
  return { status, statusLine: String(status), headers, bytes: new Uint8Array(), text: () => "" };
}

interface Attempted {
  readonly clock: ManualClock;
  /** When each call was made, in ms from the start. */
  readonly calls: number[];
  readonly result: Promise<HttpReply>;
}

function attempt(outcomes: readonly Outcome[], signal?: AbortSignal): Attempted {
  const clock = createManualClock();
  const context: ChannelContext = createContext("mochat", { clock, random: () => 0.5 });
  const calls: number[] = [];
  const post = async (): Promise<HttpReply> => {
    const outcome = outcomes[calls.push(clock.monotonic()) - 1] ?? replyOf(200);
    if (outcome instanceof Error) throw outcome;
    return Promise.resolve(outcome);
  };
  const result = postPatiently(post, context, signal);
  result.catch(() => undefined);
  return { clock, calls, result };
}
const refused = (): Error => new TransientError("connection refused");

describe("postPatiently", () => {
  it("tries again after 0.5, 1 and 2 s while the bridge cannot be reached", async () => {
    const { clock, calls, result } = attempt([refused(), refused(), refused()]);
    await clock.advance(10_000);
    expect(await result).toMatchObject({ status: 200 });
    expect(calls).toEqual([0, 500, 1_500, 3_500]);
  });

  it("gives up after three more tries", async () => {
    const { clock, calls, result } = attempt(Array.from({ length: 9 }, refused));
    await clock.advance(60_000);
    await expect(result).rejects.toThrow("connection refused");
    expect(calls).toHaveLength(4);
  });

  it("never repeats a call whose outcome is unknown (MOCHAT-64)", async () => {
    const { clock, calls, result } = attempt([new UnknownOutcomeError("the answer was lost")]);
    await clock.advance(60_000);
    await expect(result).rejects.toThrow("the answer was lost");
    expect(calls).toEqual([0]);
  });

  it.each([[429, "30", 30_000], [503, "7", 7_000], [429, "0", 0]])("tries once more where %d asks for %s s of patience (MOCHAT-58)", async (status, retryAfter, waitMs) => {
    const { clock, calls, result } = attempt([replyOf(status, retryAfter), replyOf(status, retryAfter)]);
    await clock.advance(120_000);
    expect(await result).toMatchObject({ status });
    expect(calls).toEqual([0, waitMs]);
  });

  it.each([["asks for more than 30 s", replyOf(429, "31")], ["does not say for how long", replyOf(429)], ["failed", replyOf(500, "1")], ["refuses", replyOf(400)]])(
    "hands the answer on where the bridge %s",
    async (_title, reply) => {
      const { clock, calls, result } = attempt([reply]);
      await clock.advance(120_000);
      expect(await result).toBe(reply);
      expect(calls).toEqual([0]);
    },
  );

  it("stops waiting when the caller aborts", async () => {
    const controller = new AbortController();
    const { clock, calls, result } = attempt([refused()], controller.signal);
    await clock.advance(100);
    controller.abort(new RangeError("stop"));
    await expect(result).rejects.toThrow("stop");
    expect([calls.length, clock.pending]).toEqual([1, 0]);
  });
});
