import { createMemoryStore } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createAttempts } from "./attempts.ts";

function start() {
  const clock = createManualClock();
  const store = createMemoryStore({ clock });
  return { clock, store, open: () => createAttempts({ store, clock }) };
}

describe("createAttempts", () => {
  it("remembers the newest state of a key over a restart, for a day", async () => {
    const { clock, open } = start();
    const ticket = { messageId: "m", sequence: 2 };
    await open().keep("k", { state: "unknown", ticket });
    await open().keep("k", { state: "done", ticket, messageIds: ["out-1"] });
    expect(await open().find("k")).toEqual({ state: "done", ticket, messageIds: ["out-1"] });
    await clock.advance(86_400_000);
    expect(await open().find("k")).toBeUndefined();
  });

  it("knows nothing of other keys", async () => {
    const attempts = start().open();
    await attempts.keep("k", { state: "open" });
    expect(await attempts.find("other")).toBeUndefined();
  });

  it("is bounded, and keeps the newest of many that come at once", async () => {
    const { store, open } = start();
    const attempts = open();
    await Promise.all(Array.from({ length: 4_500 }, (_, index) => attempts.keep(`k${index}`, { state: "open" })));
    const records = await Promise.all(Array.from({ length: 256 }, (_, shelf) => store.get(`attempts:${shelf}`)));
    expect(records.flat().length).toBeLessThanOrEqual(4_096);
    expect(await attempts.find("k4499")).toEqual({ state: "open", messageIds: [] });
    expect(await attempts.find("k0")).toBeUndefined();
  });

  it("takes what it cannot read for nothing", async () => {
    const { store, open } = start();
    for (let shelf = 0; shelf < 256; shelf += 1) await store.set(`attempts:${shelf}`, [{ key: 7 }]);
    const attempts = open();
    expect(await attempts.find("k")).toBeUndefined();
    await attempts.keep("k", { state: "open" });
    expect(await attempts.find("k")).toMatchObject({ state: "open" });
  });
});
