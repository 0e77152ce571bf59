import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { showTyping } from "./typing.ts";

function show(begin: () => void = () => undefined, end: () => Promise<void> = () => Promise.resolve()) {
  const clock = createManualClock();
  const logger = recordingLogger();
  const log: string[] = [];
  const start = (): AsyncDisposable => {
    begin();
    log.push("typing");
    return { [Symbol.asyncDispose]: () => (log.push("over"), end()) };
  };
  return { clock, logger, log, typing: showTyping(start, { clock, logger, redact: (text) => text, facts: {} }) };
}

describe("showTyping", () => {
  it("is shown at once, until the answer goes out (GW-60a)", async () => {
    const { clock, log, typing } = show();
    expect(log).toEqual(["typing"]);
    await expect(typing.finish("answer")).resolves.toBeUndefined();
    await typing[Symbol.asyncDispose]();
    expect([log, clock.pending]).toEqual([["typing", "over"], 0]);
  });

  it("is shown until the turn is over, where there is no answer", async () => {
    const { log, typing } = show();
    await typing[Symbol.asyncDispose]();
    await typing[Symbol.asyncDispose]();
    expect(log).toEqual(["typing", "over"]);
  });

  it("is shown for five minutes at most", async () => {
    const { clock, log } = show();
    await clock.advance(299_999);
    expect(log).toEqual(["typing"]);
    await clock.advance(1);
    expect(log).toEqual(["typing", "over"]);
  });

  it("holds nobody up for more than 5 s when it cannot be taken away", async () => {
    const { clock, typing } = show(undefined, () => new Promise(() => undefined));
    const disposed = typing[Symbol.asyncDispose]();
    await clock.advance(5_000);
    await disposed;
    expect(clock.pending).toBe(0);
  });

  it.each<[string, (() => void) | undefined, (() => Promise<void>) | undefined]>([
    ["begins", () => {
      throw new RangeError("no");
    }, undefined],
    ["ends", undefined, () => Promise.reject(new RangeError("no"))],
  ])("is not missed when it fails as it %s", async (_title, begin, end) => {
    const { logger, typing } = show(begin, end);
    await typing[Symbol.asyncDispose]();
    expect(logger.entries).toMatchObject([{ level: "debug", fields: { error: "no" } }]);
  });
});
