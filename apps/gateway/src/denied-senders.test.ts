import { createMemoryStore, TransientError, type Store } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createDeniedSenders, readDenied, type DeniedSenders } from "./denied-senders.ts";

function open(store: Store = createMemoryStore()) {
  const clock = createManualClock();
  const logger = recordingLogger();
  const denied: DeniedSenders = createDeniedSenders({ storeOf: () => store, clock, logger });
  const ended = new AbortController();
  const keeping = denied.keep(ended.signal);
  return {
    ...{ clock, logger, denied, store },
    stop: async () => {
      ended.abort();
      await keeping;
    },
  };
}

describe("createDeniedSenders", () => {
  it("keeps who was refused, how often and when last, over restarts", async () => {
    const { clock, denied, store, stop } = open();
    denied.note("qq", { ids: ["a", "a2"], conversationId: "c" });
    denied.note("qq", { ids: ["b"] });
    await clock.advance(1_000);
    denied.note("qq", { ids: ["a", "a2"], conversationId: "c" });
    await stop();
    expect(await readDenied(store)).toEqual([
      { ids: ["b"], at: clock.now() - 1_000, count: 1 },
      { ids: ["a", "a2"], conversationId: "c", at: clock.now(), count: 2 },
    ]);
    const next = open(store);
    next.denied.note("qq", { ids: ["b"] });
    await next.stop();
    expect((await readDenied(store)).map(({ ids, count }) => [ids[0], count])).toEqual([["a", 2], ["b", 2]]);
  });

  it("writes every five seconds at most, and keeps fifty, whatever strangers do", async () => {
    const writes: string[] = [];
    const memory = createMemoryStore();
    const { clock, denied, stop } = open({ ...memory, set: (key, value, options) => (writes.push(key), memory.set(key, value, options)) });
    for (let count = 0; count < 1_000; count += 1) denied.note("qq", { ids: [`user-${count}`] });
    await clock.advance(4_999);
    expect(writes).toHaveLength(0);
    await clock.advance(1);
    await stop();
    expect(writes).toHaveLength(1);
    const kept = await readDenied(memory);
    expect([kept.length, kept.at(-1)?.ids]).toEqual([50, ["user-999"]]);
  });

  it("goes on when the disk is full, and says so", async () => {
    const { denied, logger, stop } = open({ ...createMemoryStore(), set: () => Promise.reject(new TransientError("disk full")) });
    denied.note("qq", { ids: ["a"] });
    await stop();
    expect(logger.text()).toContain("Who was refused could not be kept");
  });
});
