import { describe, expect, it } from "vitest";
import { mapAtMost } from "./at-most.ts";

describe("mapAtMost", () => {
  it.each([1, 2, 9])("gives the results in the order of the items, with %i at work at most", async (count) => {
    const gates = [1, 2, 3].map(() => Promise.withResolvers<undefined>());
    const begun: number[] = [];
    const results = mapAtMost(count, gates, async (gate) => {
      begun.push(gates.indexOf(gate));
      await gate.promise;
      return gates.indexOf(gate);
    });
    expect(begun).toHaveLength(Math.min(count, 3));
    for (const gate of gates.toReversed()) gate.resolve(undefined);
    await expect(results).resolves.toEqual([0, 1, 2]);
  });

  it("fails with the first that fails, and does nothing for no items", async () => {
    await expect(mapAtMost(2, [1, 2], () => Promise.reject(new RangeError("no")))).rejects.toThrow("no");
    await expect(mapAtMost(2, [], () => Promise.reject(new RangeError("no")))).resolves.toEqual([]);
  });
});
