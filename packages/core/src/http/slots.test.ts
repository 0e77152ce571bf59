import { describe, expect, it } from "vitest";
import { createSlots } from "./slots.ts";

const SIGNAL = new AbortController().signal;

describe("createSlots", () => {
  it("serves those who wait in order, one for every place that is left", async () => {
    const slots = createSlots(1, 10);
    const leave = await slots.take(SIGNAL);
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (number) => {
      const next = await slots.take(SIGNAL);
      order.push(number);
      next();
    });
    leave();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });

  it("refuses who comes when too many wait", async () => {
    const slots = createSlots(1, 1);
    const leave = await slots.take(SIGNAL);
    const second = slots.take(SIGNAL);
    await expect(slots.take(SIGNAL)).rejects.toMatchObject({ code: "transient", message: "too many calls wait already (1)" });
    leave();
    (await second)();
    (await slots.take(SIGNAL))();
  });

  it("lets who aborts leave the queue, with the signal's reason", async () => {
    const slots = createSlots(1, 1);
    const leave = await slots.take(SIGNAL);
    const abort = new AbortController();
    const reason = new TypeError("stopped");
    const second = slots.take(abort.signal);
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    await expect(slots.take(abort.signal)).rejects.toBe(reason);
    const third = slots.take(SIGNAL);
    leave();
    expect(await third).toBeTypeOf("function");
  });
});
