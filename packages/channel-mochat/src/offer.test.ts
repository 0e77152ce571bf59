import { createContext, TransientError, type AcceptOptions, type InboundMessage } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createOffer, type Offer } from "./offer.ts";

interface Setup {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly offer: Offer;
  readonly stop: AbortController;
  /** Every call of the consumer: which message, and when. */
  readonly calls: { readonly id: string; readonly at: number; readonly options: AcceptOptions | undefined }[];
}

function setup(consume: (id: string, call: number) => Promise<void> | void = () => undefined): Setup {
  const clock = createManualClock();
  const logger = recordingLogger();
  const stop = new AbortController();
  const calls: Setup["calls"] = [];
  const offer = createOffer({
    context: createContext("mochat", { clock, logger, random: () => 0.5 }),
    signal: stop.signal,
    accept: async ({ id }, options) => {
      calls.push({ id, at: clock.monotonic(), options });
      await consume(id, calls.length);
      return "accepted";
    },
  });
  return { clock, logger, offer, stop, calls };
}
function message(id: string): InboundMessage {
  return { id, channel: "mochat", conversation: { id: "u-1", kind: "direct" }, sender: { id: "u-1" }, parts: [], mentionsBot: true, sentAt: 0, receivedAt: 0 };
}
const pending = (): Promise<void> => new Promise<void>(() => undefined);

describe("createOffer", () => {
  it("offers at once, in the order of the calls, and lets a full consumer keep it waiting", () => {
    const { offer, calls } = setup(pending);
    ["a", "b", "c"].forEach((id) => void offer(message(id)));
    expect(calls.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(calls[0]?.options).toMatchObject({ whenFull: "wait" });
    expect(calls[0]?.options?.signal?.aborted).toBe(false);
  });

  it("resolves when the consumer has taken the message", async () => {
    const { offer, logger } = setup();
    await expect(offer(message("a"))()).resolves.toBeUndefined();
    expect(logger.entries).toEqual([]);
  });

  it("offers a refused message again, after ever longer waits", async () => {
    const { offer, clock, calls } = setup((_id, call) => {
      if (call <= 2) throw new TypeError("not now");
    });
    const taken = offer(message("a"))();
    await clock.advance(10_000);
    await taken;
    expect(calls.map(({ at }) => at)).toEqual([0, 500, 1_500]);
  });

  it("gives a message up that is refused four times, with an error in the log (MOCHAT-63)", async () => {
    const { offer, clock, calls, logger } = setup(() => {
      throw new TypeError("poison");
    });
    const taken = offer(message("a"))();
    await clock.advance(10_000);
    await taken;
    expect(calls.map(({ at }) => at)).toEqual([0, 500, 1_500, 3_500]);
    expect(logger.entries.at(-1)).toMatchObject({ level: "error", fields: { channel: "mochat", messageId: "a" } });
  });

  it("never gives a message up that the consumer cannot keep for now (MOCHAT-62)", async () => {
    const { offer, clock, calls } = setup((_id, call) => {
      if (call <= 30) throw new TransientError("disk full");
    });
    const taken = offer(message("a"))();
    await clock.advance(3_600_000);
    await taken;
    expect(calls).toHaveLength(31);
    expect(calls.at(-1)!.at - calls.at(-2)!.at).toBe(60_000);
  });

  it("does not wait for a consumer that ignores the abort (MOCHAT-40)", async () => {
    const { offer, stop, logger } = setup(pending);
    const taken = offer(message("a"))();
    stop.abort(new TypeError("stop"));
    await expect(taken).rejects.toThrow("stop");
    expect(logger.entries).toMatchObject([{ level: "warn", message: "Mochat: message channel closed" }]);
  });

  it("ends while it waits to offer again", async () => {
    const { offer, stop, clock } = setup(() => {
      throw new TypeError("not now");
    });
    const taken = offer(message("a"))();
    await clock.advance(100);
    stop.abort(new TypeError("stop"));
    await expect(taken).rejects.toThrow("stop");
    expect(clock.pending).toBe(0);
  });

  it("offers nothing after the abort", async () => {
    const { offer, stop, calls } = setup();
    stop.abort(new TypeError("stop"));
    await expect(offer(message("a"))()).rejects.toThrow("stop");
    expect(calls).toEqual([]);
  });

  it("leaves no rejection unhandled for a message that nobody waits for", async () => {
    const { offer, clock } = setup(() => {
      throw new TypeError("not now");
    });
    offer(message("a"));
    await clock.advance(0);
  });
});
