import { describe, expect, it } from "vitest";
import { oldestFirst } from "./order.ts";
import type { MochatMessage } from "./wire.ts";

function messages(...items: readonly Partial<MochatMessage>[]): MochatMessage[] {
  return items.map((item) => ({ sender: "u-1", text: "hi", ...item }));
}
const ids = (list: readonly MochatMessage[]): (string | undefined)[] => list.map(({ id }) => id);

describe("oldestFirst", () => {
  it.each([
    ["strictly decreasing integer ids", [{ id: "8" }, { id: "7" }, { id: "6" }], ["6", "7", "8"]],
    ["integer ids beyond 2^53, compared exactly", [{ id: "9007199254740993" }, { id: "9007199254740992" }], ["9007199254740992", "9007199254740993"]],
    ["integer ids compared as numbers, not as text", [{ id: "10" }, { id: "9" }], ["9", "10"]],
    ["strictly decreasing times", [{ id: "b", sentAt: 2 }, { id: "a", sentAt: 1 }], ["a", "b"]],
  ])("reverses %s", (_title, items, expected) => {
    expect(ids(oldestFirst(messages(...items)))).toEqual(expected);
  });

  it.each([
    ["a single message", [{ id: "1" }]],
    ["increasing ids", [{ id: "6" }, { id: "7" }]],
    ["ids that decrease but not strictly", [{ id: "7" }, { id: "7" }, { id: "6" }]],
    ["ids that are no integers", [{ id: "m-2" }, { id: "m-1" }]],
    ["ids of which one is absent", [{ id: "2" }, {}, { id: "1" }]],
    ["times of which one is absent", [{ id: "a", sentAt: 2 }, { id: "b" }]],
    ["equal times", [{ id: "a", sentAt: 1 }, { id: "b", sentAt: 1 }]],
  ])("keeps %s as received", (_title, items) => {
    const received = messages(...items);
    expect(oldestFirst(received)).toEqual(received);
  });

  it("has nothing to do for an empty page", () => {
    expect(oldestFirst([])).toEqual([]);
  });
});
