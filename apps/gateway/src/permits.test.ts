import { describe, expect, it } from "vitest";
import { createPermits } from "./permits.ts";

const { signal } = new AbortController();

describe("createPermits", () => {
  it("gives so many and no more", () => {
    const permits = createPermits(() => 2);
    expect([permits.tryTake(), permits.tryTake(), permits.tryTake()].map((permit) => permit !== undefined)).toEqual([true, true, false]);
    expect(permits.taken).toBe(2);
  });

  it("gives what comes back to those who wait, in order, and to nobody before them", async () => {
    const permits = createPermits(() => 1);
    const first = await permits.take(signal);
    const order: string[] = [];
    const second = permits.take(signal).then((permit) => (order.push("second"), permit));
    const third = permits.take(signal).then(() => order.push("third"));
    first.giveBack();
    expect(permits.tryTake()).toBeUndefined();
    (await second).giveBack();
    await third;
    expect(order).toEqual(["second", "third"]);
  });

  it("takes a permit back only once", () => {
    const permits = createPermits(() => 1);
    const permit = permits.tryTake();
    permit?.giveBack();
    permit?.[Symbol.dispose]();
    expect(permits.taken).toBe(0);
  });

  it("lets go of who aborts, with the signal's reason", async () => {
    const permits = createPermits(() => 1);
    const held = permits.tryTake();
    const controller = new AbortController();
    const waiting = permits.take(controller.signal);
    controller.abort(new RangeError("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(permits.waiting).toBe(0);
    held?.giveBack();
    expect(permits.taken).toBe(0);
  });

  it("refuses at once who comes with an aborted signal", async () => {
    await expect(createPermits(() => 1).take(AbortSignal.abort(new RangeError("too late")))).rejects.toThrow("too late");
  });

  it("goes beyond its number when forced, and is full until it is back below", () => {
    const permits = createPermits(() => 1);
    const forced = [permits.force(), permits.force()];
    expect(permits.taken).toBe(2);
    forced[0]?.giveBack();
    expect(permits.tryTake()).toBeUndefined();
    forced[1]?.giveBack();
    expect(permits.tryTake()).toBeDefined();
  });
});
