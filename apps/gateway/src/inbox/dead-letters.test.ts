import { join } from "node:path";
import { silentLogger } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../database/open.ts";
import { createMessage } from "../testing/test-channel.test-support.ts";
import { createFolder } from "../testing/test-house.test-support.ts";
import { createDeadLetters, type DeadLetters } from "./dead-letters.ts";
import { createInbox, type Inbox } from "./inbox.ts";

const clock = createManualClock();
const now = clock.now();

function open(): { readonly inbox: Inbox; readonly letters: DeadLetters } {
  const database = openDatabase({ file: join(createFolder(), "state.sqlite"), synchronous: "normal", clock, logger: silentLogger });
  return { inbox: createInbox(database), letters: createDeadLetters(database) };
}

/** Accepts a message and gives it up, after the parts of an answer where there are some. */
async function bury(inbox: Inbox, id: string, diedAt: number, parts?: readonly string[]): Promise<number> {
  const entry = await inbox.add(createMessage(id, {}, clock), now);
  const seq = entry?.seq ?? -1;
  await inbox.begin(seq, `turn-${id}`);
  if (parts !== undefined) {
    await inbox.storeReply(seq, parts);
    await inbox.recordReceipt(seq, 0, { messageIds: ["m"] });
  }
  await inbox.bury(seq, diedAt, "refused");
  return seq;
}

describe("createDeadLetters", () => {
  it("lists what was given up, the newest first, and nothing else", async () => {
    const { inbox, letters } = open();
    await inbox.add(createMessage("alive", {}, clock), now);
    await bury(inbox, "first", now + 1);
    await bury(inbox, "second", now + 2, ["one", "two"]);
    expect(letters.list(10)).toMatchObject([
      { messageId: "second", channel: "test", conversationId: "c1", senderId: "u1", text: "second", diedAt: now + 2, attempt: 1, reason: "refused", hasReply: true },
      { messageId: "first", hasReply: false },
    ]);
    expect(letters.list(1)).toHaveLength(1);
  });

  it("makes a message new again, to be asked about", async () => {
    const { inbox, letters } = open();
    const seq = await bury(inbox, "a", now);
    await expect(letters.replay(seq, now + 5)).resolves.toMatchObject({ seq, state: "accepted", attempt: 0, acceptedAt: now + 5, message: { id: "a" } });
    expect(letters.list(10)).toEqual([]);
    expect(inbox.unfinished()).toMatchObject([{ seq, state: "accepted" }]);
  });

  it("sends the rest of an answer that there is, without asking again", async () => {
    const { inbox, letters } = open();
    const seq = await bury(inbox, "a", now, ["one", "two"]);
    await expect(letters.replay(seq, now)).resolves.toMatchObject({ state: "delivering", reply: { parts: ["one", "two"], delivered: 1 } });
  });

  it("forgets one for good, but knows a late copy", async () => {
    const { inbox, letters } = open();
    const seq = await bury(inbox, "a", now);
    await expect(letters.drop(seq)).resolves.toBe(true);
    expect([letters.list(10), letters.find(seq), inbox.has("test", "a")]).toEqual([[], undefined, true]);
  });

  it("touches nothing that is alive, or not there", async () => {
    const { inbox, letters } = open();
    const entry = await inbox.add(createMessage("alive", {}, clock), now);
    for (const seq of [entry?.seq ?? 0, 99]) {
      await expect(letters.replay(seq, now)).resolves.toBeUndefined();
      await expect(letters.drop(seq)).resolves.toBe(false);
    }
    expect(inbox.unfinished()).toEqual([entry]);
  });
});
