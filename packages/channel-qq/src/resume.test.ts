import { createContext, createMemoryStore, TransientError, type Store } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { openResume, type Resume } from "./resume.ts";

function start(store?: Store) {
  const clock = createManualClock();
  const logger = recordingLogger();
  const context = createContext("qq", { clock, logger, store: store ?? createMemoryStore({ clock }) });
  const open = (appId = "app-1"): Promise<Resume> => openResume({ appId }, context);
  return { clock, logger, context, open };
}

describe("openResume", () => {
  it("goes on with a session after a restart, and knows what was taken (QQ-19)", async () => {
    const { clock, open } = start();
    const first = await open();
    first.begin({ id: "s", sequence: 1 });
    first.seen.add("msg-1");
    first.commit("s", 7);
    await first.flush();
    await clock.advance(300_000);
    const second = await open();
    expect([second.session, second.seen.has("msg-1")]).toEqual([{ id: "s", sequence: 7 }, true]);
  });

  it.each([
    ["is too old", 300_001, "app-1"],
    ["is another bot's", 0, "app-2"],
  ])("begins anew where the session %s", async (_title, ageMs, appId) => {
    const { clock, open } = start();
    const first = await open();
    first.begin({ id: "s", sequence: 1 });
    await first.flush();
    await clock.advance(ageMs);
    expect((await open(appId)).session).toBeUndefined();
  });

  it("keeps a quiet session young while it is alive", async () => {
    const { clock, open } = start();
    const first = await open();
    first.begin({ id: "s", sequence: 1 });
    await clock.advance(299_000);
    first.touch();
    await clock.advance(299_000);
    expect((await open()).session).toEqual({ id: "s", sequence: 1 });
  });

  it("never goes back, and hears nothing of another session", async () => {
    const resume = await start().open();
    resume.begin({ id: "s", sequence: 5 });
    resume.commit("s", 3);
    resume.commit("old", 9);
    expect(resume.session).toEqual({ id: "s", sequence: 5 });
  });

  it("forgets a session that is over", async () => {
    const { open } = start();
    const first = await open();
    first.begin({ id: "s", sequence: 5 });
    first.drop();
    first.touch();
    await first.flush();
    expect([first.session, (await open()).session]).toEqual([undefined, undefined]);
  });

  it.each([["a word", "garbage"], ["another shape", { appId: 7 }], ["a session without a number", { appId: "app-1", session: { id: "s" }, savedAt: 0, seen: [] }]])(
    "begins anew, and says so, where what was kept is %s",
    async (_title, value) => {
      const { context, logger, open } = start();
      await context.store.set("session", value);
      expect((await open()).session).toBeUndefined();
      expect(logger.text()).toContain("warn QQ: the kept session cannot be read, beginning a new one");
    },
  );

  it("writes the newest state alone while a write is under way", async () => {
    const writes: unknown[] = [];
    const memory = createMemoryStore();
    const { open } = start({ ...memory, set: (key, value, options) => (writes.push(value), memory.set(key, value, options)) });
    const resume = await open();
    resume.begin({ id: "s", sequence: 1 });
    for (let sequence = 2; sequence <= 1_000; sequence += 1) resume.commit("s", sequence);
    await resume.flush();
    expect(writes.length).toBeLessThanOrEqual(2);
    expect(writes.at(-1)).toMatchObject({ session: { sequence: 1_000 } });
    resume.commit("s", 1_001);
    await resume.flush();
    expect(writes.at(-1)).toMatchObject({ session: { sequence: 1_001 } });
  });

  it("goes on, and says so, where nothing can be kept", async () => {
    const failing = (): Promise<never> => Promise.reject(new TransientError("disk full"));
    const { logger, open } = start({ ...createMemoryStore(), set: failing });
    const resume = await open();
    resume.begin({ id: "s", sequence: 1 });
    await resume.flush();
    expect(resume.session).toEqual({ id: "s", sequence: 1 });
    expect(logger.text()).toContain("the session cannot be kept");
  });
});
