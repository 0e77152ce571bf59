import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createReloader } from "./reloader.ts";

describe("createReloader", () => {
  it("counts what is asked for in quick succession as one", async () => {
    const clock = createManualClock();
    let count = 0;
    const reloader = createReloader(() => Promise.resolve(void (count += 1)), clock);
    reloader.request();
    reloader.request();
    expect(count).toBe(0);
    await clock.advance(300);
    expect(count).toBe(1);
    reloader.request();
    await clock.advance(300);
    expect(count).toBe(2);
    await reloader[Symbol.asyncDispose]();
  });

  it("runs once more for what was asked for while it ran, and never twice at a time", async () => {
    const clock = createManualClock();
    const gates = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let [begun, running] = [0, 0];
    const reloader = createReloader(async () => {
      running += 1;
      expect(running).toBe(1);
      await gates[begun++]?.promise;
      running -= 1;
    }, clock);
    reloader.request();
    await clock.advance(300);
    reloader.request();
    await clock.advance(300);
    expect(begun).toBe(1);
    gates[0]?.resolve(undefined);
    await clock.untilPending(1);
    await clock.advance(300);
    expect(begun).toBe(2);
    const disposed = reloader[Symbol.asyncDispose]();
    gates[1]?.resolve(undefined);
    await disposed;
    expect(running).toBe(0);
  });

  it("begins nothing after it was disposed", async () => {
    const clock = createManualClock();
    let count = 0;
    const reloader = createReloader(() => Promise.resolve(void (count += 1)), clock);
    reloader.request();
    await reloader[Symbol.asyncDispose]();
    reloader.request();
    expect({ count, pending: clock.pending }).toEqual({ count: 0, pending: 0 });
  });
});
