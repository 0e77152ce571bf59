import { join } from "node:path";
import { silentLogger } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../database/open.ts";
import { createMessage } from "../testing/test-channel.test-support.ts";
import { createFolder, rowOf } from "../testing/test-house.test-support.ts";
import type { InboxEntry } from "./entry.ts";
import { createInbox, type Inbox } from "./inbox.ts";

const HOUR_MS = 3_600_000;
const clock = createManualClock();
const start = clock.now();

function open(folder: string = createFolder(), maxSettledRows?: number): { readonly inbox: Inbox; readonly folder: string; readonly close: () => void } {
  const database = openDatabase({ file: join(folder, "state.sqlite"), synchronous: "normal", clock, logger: silentLogger });
  return { inbox: createInbox(database, maxSettledRows), folder, close: () => database.close() };
}

async function add(inbox: Inbox, id: string): Promise<InboxEntry> {
  const entry = await inbox.add(createMessage(id, {}, clock), start);
  expect(entry).toBeDefined();
  return entry!;
}

describe("createInbox", () => {
  it("gives back after a restart what was accepted, in order and unchanged", async () => {
    const { inbox, folder, close } = open();
    const entries = [await add(inbox, "a"), await add(inbox, "b")];
    close();
    expect(open(folder).inbox.unfinished()).toEqual(entries);
  });

  it("knows a message by channel and id", async () => {
    const { inbox } = open();
    await add(inbox, "a");
    expect([inbox.has("test", "a"), inbox.has("other", "a"), inbox.has("test", "b")]).toEqual([true, false, false]);
    await expect(inbox.add(createMessage("a", {}, clock), start)).resolves.toBeUndefined();
    await expect(inbox.add(createMessage("a", { channel: "other" }, clock), start)).resolves.toBeDefined();
  });

  it("tells how far each entry had come", async () => {
    const { inbox, folder, close } = open();
    const [, running, delivering] = [await add(inbox, "accepted"), await add(inbox, "running"), await add(inbox, "delivering")];
    await inbox.begin(running.seq, "t1");
    await inbox.begin(running.seq, "t1");
    await inbox.begin(delivering.seq, "t2");
    await inbox.storeReply(delivering.seq, ["one", "two"]);
    await inbox.recordReceipt(delivering.seq, 0, { messageIds: ["m1"] });
    close();
    expect(open(folder).inbox.unfinished()).toMatchObject([
      { state: "accepted", attempt: 0 },
      { state: "running", attempt: 2, turnId: "t1" },
      { state: "delivering", attempt: 1, turnId: "t2", reply: { parts: ["one", "two"], delivered: 1 } },
    ]);
  });

  it("keeps of a settled message only that it was there", async () => {
    const { inbox, folder } = open();
    const { seq } = await add(inbox, "a");
    await inbox.storeReply(seq, ["secret answer"]);
    await inbox.recordReceipt(seq, 0, { messageIds: [] });
    await inbox.settle(seq, start);
    expect(rowOf(folder, "a")).toMatchObject({ state: "done", message: null, parts: null });
    expect(inbox.has("test", "a")).toBe(true);
    expect(inbox.unfinished()).toEqual([]);
  });

  it("keeps a dead letter whole, with the reason", async () => {
    const { inbox, folder } = open();
    const { seq } = await add(inbox, "a");
    await inbox.storeReply(seq, ["answer"]);
    await inbox.bury(seq, start, "no route");
    expect(rowOf(folder, "a")).toMatchObject({ state: "dead", reason: "no route", parts: '["answer"]' });
    expect(inbox.unfinished()).toEqual([]);
  });

  it("remembers the ids of 10,000 settled messages for 24 hours, also after a restart (GW-56)", async () => {
    const { inbox, folder, close } = open();
    const ids = Array.from({ length: 10_000 }, (_, index) => `m${index}`);
    const entries = await Promise.all(ids.map((id) => add(inbox, id)));
    await Promise.all(entries.map(({ seq }) => inbox.settle(seq, start)));
    close();
    const later = open(folder).inbox;
    await later.sweep(start + 24 * HOUR_MS - 1);
    expect(ids.filter((id) => !later.has("test", id))).toEqual([]);
    await later.sweep(start + 24 * HOUR_MS);
    expect(ids.filter((id) => later.has("test", id))).toEqual([]);
  });

  it("sweeps dead letters after a week and leaves what is unfinished", async () => {
    const { inbox } = open();
    await add(inbox, "unfinished");
    await inbox.bury((await add(inbox, "dead")).seq, start, "no route");
    await inbox.sweep(start + 7 * 24 * HOUR_MS - 1);
    expect(inbox.has("test", "dead")).toBe(true);
    await inbox.sweep(start + 7 * 24 * HOUR_MS);
    expect([inbox.has("test", "dead"), inbox.has("test", "unfinished")]).toEqual([false, true]);
  });

  it("forgets the oldest settled ones first when there are too many", async () => {
    const { inbox } = open(createFolder(), 2);
    for (const [index, id] of ["a", "b", "c"].entries()) await inbox.settle((await add(inbox, id)).seq, start + index);
    await inbox.sweep(start + 3);
    expect(["a", "b", "c"].map((id) => inbox.has("test", id))).toEqual([false, true, true]);
  });
});
