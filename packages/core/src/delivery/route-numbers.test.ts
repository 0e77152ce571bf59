import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../state/memory-store.ts";
import { createNumbers } from "./route-numbers.ts";

describe("createNumbers", () => {
  it("gives ascending numbers to many callers at once", async () => {
    const take = createNumbers(createMemoryStore());
    const numbers = await Promise.all(Array.from({ length: 250 }, () => take()));
    expect(numbers).toEqual(Array.from({ length: 250 }, (_, index) => index));
  });

  it("gives no number of an earlier process again", async () => {
    const records = createMemoryStore();
    const before = [await createNumbers(records)(), await createNumbers(records)()];
    const after = await createNumbers(records)();
    expect(before[1]).toBeGreaterThan(before[0]!);
    expect(after).toBeGreaterThan(before[1]!);
  });

  it("goes on ascending when the store forgot how far it was", async () => {
    const records = createMemoryStore();
    const take = createNumbers(records);
    const first = await take();
    await records.delete("next");
    const rest = await Promise.all(Array.from({ length: 150 }, () => take()));
    expect(Math.min(...rest)).toBeGreaterThan(first);
    expect(new Set(rest).size).toBe(150);
  });
});
