import { createContext, createMemoryStore } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { bundle, createOutbox } from "./outbox.ts";

function start() {
  const clock = createManualClock();
  const logger = recordingLogger();
  return { clock, logger, outbox: createOutbox(createContext("qq", { clock, logger, store: createMemoryStore({ clock }) })) };
}
const text = (id: string, words = id): { id: string; text: string; isMarkdown: boolean } => ({ id, text: words, isMarkdown: true });

describe("createOutbox", () => {
  it("keeps texts in their order, each once, until they are delivered", async () => {
    const { outbox } = start();
    await outbox.keep("user:A", [text("1"), text("2")]);
    await outbox.keep("user:A", [text("2"), text("3")]);
    await outbox.keep("user:B", [text("9")]);
    await outbox.remove("user:A", ["2"]);
    expect((await outbox.list("user:A")).map(({ id }) => id)).toEqual(["1", "3"]);
    await outbox.remove("user:A", ["1", "3"]);
    expect([await outbox.list("user:A"), (await outbox.list("user:B")).length]).toEqual([[], 1]);
  });

  it("keeps twenty, for a day, and says when it gives some up", async () => {
    const { clock, logger, outbox } = start();
    await outbox.keep("user:A", [text("old")]);
    await clock.advance(86_399_999);
    await outbox.keep("user:A", Array.from({ length: 21 }, (_, index) => text(String(index))));
    expect((await outbox.list("user:A")).map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
    expect(logger.text()).toContain("lostCount: 2");
    await clock.advance(86_400_000);
    expect(await outbox.list("user:A")).toEqual([]);
  });
});

describe("bundle", () => {
  it("puts texts together into as few messages as hold them", () => {
    const waiting = [text("1", "a"), text("2", "b".repeat(3_597)), text("3", "c"), { ...text("4", "d"), isMarkdown: false }].map((each) => ({ ...each, keptAt: 0 }));
    expect(bundle(waiting).map(({ ids, text: words }) => [ids, words.length])).toEqual([[["1", "2"], 3_600], [["3"], 1], [["4"], 1]]);
    expect(bundle([])).toEqual([]);
  });
});
