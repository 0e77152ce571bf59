import { describe, expect, it } from "vitest";
import { createLog, type Log } from "./log.ts";

interface Entry {
  readonly seq: number;
  text: string;
}

function openLog(capacity = 10): { log: Log<Entry>; add: (text: string) => Entry; closing: AbortController } {
  const closing = new AbortController();
  const log = createLog<Entry>(capacity, closing.signal);
  return { log, add: (text) => log.append((seq) => ({ seq, text })), closing };
}

describe("createLog", () => {
  it("forgets the oldest entry beyond its capacity", () => {
    const { log, add } = openLog(2);
    ["a", "b", "c"].forEach(add);
    expect(log.entries.map((entry) => entry.text)).toEqual(["b", "c"]);
  });

  it("goes on counting after it was cleared", () => {
    const { log, add } = openLog();
    add("a");
    log.clear();
    expect(add("b").seq).toBe(2);
    expect(log.entries).toHaveLength(1);
  });

  it("gives an entry that is there already", async () => {
    const { log, add } = openLog();
    add("a");
    expect(await log.next((entry) => entry.text === "a")).toMatchObject({ seq: 1 });
  });

  it("waits for an entry that matches and lets others pass", async () => {
    const { log, add } = openLog();
    const wanted = log.next((entry) => entry.text === "b");
    ["a", "b"].forEach(add);
    expect(await wanted).toMatchObject({ seq: 2 });
  });

  it("gives one entry to everybody who looks, but only to one who takes", async () => {
    const { log, add } = openLog();
    const looks = [log.next(() => true), log.next(() => true)];
    const takes = [log.take(() => true), log.take(() => true)];
    ["a", "b"].forEach(add);
    expect((await Promise.all(looks)).map((entry) => entry.text)).toEqual(["a", "a"]);
    expect((await Promise.all(takes)).map((entry) => entry.text)).toEqual(["a", "b"]);
  });

  it("never gives a taken entry again", async () => {
    const { log, add } = openLog();
    ["a", "b"].forEach(add);
    expect((await log.take(() => true)).text).toBe("a");
    expect((await log.take(() => true)).text).toBe("b");
  });

  it("does not give an entry to a taker that it has forgotten", async () => {
    const { log, add } = openLog(1);
    ["a", "b"].forEach(add);
    expect((await log.take(() => true)).text).toBe("b");
  });

  it("offers an entry again when it has changed", async () => {
    const { log, add } = openLog();
    const entry = add("a");
    const wanted = log.next(({ text }) => text === "changed");
    entry.text = "changed";
    log.changed(entry);
    expect(await wanted).toBe(entry);
  });

  it("rejects a wait with the reason of its signal, and gives it nothing afterwards", async () => {
    const { log, add } = openLog();
    const stop = new AbortController();
    const wanted = log.take(() => true, stop.signal);
    stop.abort(new RangeError("enough"));
    await expect(wanted).rejects.toThrow("enough");
    add("a");
    expect((await log.take(() => true)).text).toBe("a");
  });

  it("rejects every wait, also a later one, when the sandbox closes", async () => {
    const { log, closing } = openLog();
    const wanted = log.next(() => true);
    closing.abort(new RangeError("closed"));
    await expect(wanted).rejects.toThrow("closed");
    await expect(log.take(() => true)).rejects.toThrow("closed");
  });
});
