import { describe, expect, it } from "vitest";
import { createAgenda } from "./agenda.ts";
import { handClock } from "../testing/open-sandbox.ts";

describe("createAgenda", () => {
  it("runs what is due by the clock that it was given, in order of time", () => {
    const clock = handClock(0);
    const agenda = createAgenda(clock.now, new AbortController().signal);
    const done: string[] = [];
    agenda.at(2_000, () => done.push("later"));
    agenda.at(1_000, () => done.push("sooner"));
    agenda.at(60_000, () => done.push("last"));
    clock.advance(999);
    agenda.runDue();
    expect(done).toEqual([]);
    clock.advance(1_001);
    agenda.runDue();
    agenda.runDue();
    expect(done).toEqual(["sooner", "later"]);
  });

  it("leaves out what was taken off, also by a task before it", () => {
    const clock = handClock(0);
    const agenda = createAgenda(clock.now, new AbortController().signal);
    const done: string[] = [];
    const takeOff = agenda.at(2_000, () => done.push("taken off"));
    agenda.at(1_000, takeOff);
    agenda.at(1_500, () => done.push("kept"))();
    clock.advance(5_000);
    agenda.runDue();
    expect(done).toEqual([]);
  });

  it("wakes by itself on the machine's clock", async () => {
    const agenda = createAgenda(Date.now, new AbortController().signal);
    const { promise, resolve } = Promise.withResolvers<string>();
    agenda.at(Date.now() + 60_000, () => resolve("too late"));
    agenda.at(Date.now() + 5, () => resolve("in time"));
    await expect(promise).resolves.toBe("in time");
  });

  it("runs nothing any more once it is closed", () => {
    const clock = handClock(0);
    const closing = new AbortController();
    const agenda = createAgenda(clock.now, closing.signal);
    agenda.at(1, () => expect.unreachable());
    closing.abort();
    agenda.at(2, () => expect.unreachable());
    clock.advance(10);
    agenda.runDue();
  });
});
