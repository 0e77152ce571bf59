import { describe, expect, it } from "vitest";
import { anonymousKey, createAnonymousTally, type AnonymousCounts } from "./anonymous.ts";

const HELLO = { sender: "u-1", text: "hello" };

function count(times: number): AnonymousCounts {
  const tally = createAnonymousTally(new Map());
  for (let i = 0; i < times; i += 1) tally.isRepeat(HELLO);
  return tally.counts;
}

describe("anonymousKey", () => {
  it("is the hash of sender and text", () => {
    expect(anonymousKey(HELLO)).toBe("142f2ddf80b008c0");
  });
});

describe("createAnonymousTally", () => {
  it("lets only those through that come more often than in the page before", () => {
    const tally = createAnonymousTally(count(1));
    expect([tally.isRepeat(HELLO), tally.isRepeat(HELLO)]).toEqual([true, false]);
  });

  it("tells messages of different senders or texts apart", () => {
    const tally = createAnonymousTally(count(1));
    expect(tally.isRepeat({ sender: "u-2", text: "hello" })).toBe(false);
    expect(tally.isRepeat({ sender: "u-1", text: "hello!" })).toBe(false);
  });

  it("remembers one page only: what was absent from it is new again", () => {
    const between = createAnonymousTally(count(1));
    const tally = createAnonymousTally(between.counts);
    expect(tally.isRepeat(HELLO)).toBe(false);
  });

  it("counts repeats too, so that they stay repeats", () => {
    const second = createAnonymousTally(count(2));
    second.isRepeat(HELLO);
    second.isRepeat(HELLO);
    const third = createAnonymousTally(second.counts);
    expect([third.isRepeat(HELLO), third.isRepeat(HELLO), third.isRepeat(HELLO)]).toEqual([true, true, false]);
  });
});
