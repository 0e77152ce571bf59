import { createManualClock } from "@revka/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFragments, type FragmentResult } from "./fragments.ts";
import type { LarkFrame } from "./frame.ts";
import { LIMITS } from "./limits.ts";

function fragment(headers: Readonly<Record<string, string>>, payload: string | Uint8Array): LarkFrame {
  const list = Object.entries(headers).map(([key, value]) => ({ key, value }));
  return { seqId: 0n, logId: 0n, service: 1, method: 1, headers: list, payload: Buffer.from(payload) };
}
const part = (id: string, seq: number | string, sum: number | string, payload: string | Uint8Array = ""): LarkFrame =>
  fragment({ message_id: id, seq: String(seq), sum: String(sum) }, payload);
const textOf = (result: FragmentResult): unknown => (typeof result === "object" && "payload" in result ? Buffer.from(result.payload).toString() : result);
const NOWHERE = { malformed: "a fragment that fits nowhere" };

describe("createFragments", () => {
  it("puts a payload together from parts in any order, also cut within a letter (LARK-57)", () => {
    const bytes = Buffer.from("你好, world");
    const cuts = [bytes.subarray(0, 1), bytes.subarray(1, 5), bytes.subarray(5)];
    const orders = [[0, 1, 2], [2, 0, 1], [1, 2, 0]] as const;
    for (const order of orders) {
      const fragments = createFragments(createManualClock());
      const results = order.map((seq) => textOf(fragments.add(part("m", seq, 3, cuts[seq]))));
      expect(results).toEqual(["incomplete", "incomplete", "你好, world"]);
    }
  });

  it("keeps two sets apart, and counts a part once that comes twice (LARK-57)", () => {
    const fragments = createFragments(createManualClock());
    const frames = [part("a", 0, 2, "a0"), part("b", 1, 2, "b1"), part("a", 0, 2, "again"), part("b", 0, 2, "b0"), part("a", 1, 2, "a1")];
    expect(frames.map((frame) => textOf(fragments.add(frame)))).toEqual(["incomplete", "incomplete", "incomplete", "b0b1", "a0a1"]);
  });

  it("gives a whole payload at once, also where the frame says nothing about parts", () => {
    const fragments = createFragments(createManualClock());
    expect(textOf(fragments.add(part("m", 0, 1, "whole")))).toBe("whole");
    expect(textOf(fragments.add(fragment({}, "bare")))).toBe("bare");
  });

  it.each<[string, LarkFrame]>([
    ["no parts", part("m", 0, 0)],
    ["fewer than none", part("m", 0, -1)],
    ["a billion parts", part("m", 0, 1_000_000_000)],
    ["a word", part("m", 0, "two")],
    ["one part too many", part("m", 0, LIMITS.fragmentCount + 1)],
    ["a part behind the last", part("m", 2, 2)],
    ["a part before the first", part("m", -1, 2)],
    ["parts without an id", fragment({ sum: "2", seq: "0" }, "")],
    ["parts without a place", fragment({ sum: "2", message_id: "m" }, "")],
  ])("refuses %s", (_title, frame) => {
    expect(createFragments(createManualClock()).add(frame)).toEqual(NOWHERE);
  });

  it("begins again where a set comes cut otherwise", () => {
    const fragments = createFragments(createManualClock());
    const frames = [part("m", 0, 3, "old"), part("m", 0, 2, "n0"), part("m", 1, 2, "n1")];
    expect(frames.map((frame) => textOf(fragments.add(frame)))).toEqual(["incomplete", "incomplete", "n0n1"]);
  });

  it("forgets a set that stays incomplete for a minute", async () => {
    const clock = createManualClock();
    const fragments = createFragments(clock);
    fragments.add(part("m", 0, 2, "a"));
    await clock.advance(LIMITS.fragmentMs);
    expect(textOf(fragments.add(part("m", 1, 2, "b")))).toBe("incomplete");
  });

  it("holds no more than 64 sets: the oldest goes", () => {
    const fragments = createFragments(createManualClock());
    for (let index = 0; index <= LIMITS.fragmentSets; index += 1) fragments.add(part(`m-${index}`, 0, 2, "a"));
    expect(textOf(fragments.add(part("m-0", 1, 2, "b")))).toBe("incomplete");
    expect(textOf(fragments.add(part(`m-${LIMITS.fragmentSets}`, 1, 2, "b")))).toBe("ab");
  });

  it("holds no more than 16 MiB: older sets go, and a set beyond that is refused", () => {
    const fragments = createFragments(createManualClock());
    const half = new Uint8Array(LIMITS.fragmentBytes / 2 + 1);
    fragments.add(part("old", 0, 2, half));
    expect(fragments.add(part("new", 0, 3, half))).toBe("incomplete");
    expect(fragments.add(part("old", 1, 2, "x"))).toBe("incomplete");
    expect(fragments.add(part("new", 1, 3, half))).toEqual({ malformed: "fragments that are too large together" });
  });

  it("gives every payload back, however it is cut and shuffled", () => {
    const cases = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.integer({ min: 2, max: 9 }), fc.array(fc.double({ noNaN: true }), { minLength: 9, maxLength: 9 }));
    fc.assert(
      fc.property(cases, ([bytes, sum, keys]) => {
        const size = Math.ceil(bytes.length / sum);
        const frames = Array.from({ length: sum }, (_, seq) => part("m", seq, sum, bytes.subarray(seq * size, (seq + 1) * size)));
        const shuffled = frames.map((frame, index) => ({ frame, key: keys[index] ?? 0 })).sort((a, b) => a.key - b.key);
        const fragments = createFragments(createManualClock());
        const last = shuffled.map(({ frame }) => fragments.add(frame)).at(-1);
        expect(last).toEqual({ payload: Buffer.from(bytes) });
      }),
      { seed: 57, numRuns: 200 },
    );
  });
});
