import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../state/memory-store.ts";
import { createPointers } from "./route-pointers.ts";

const TTL_MS = 60_000;

describe("createPointers", () => {
  it("keeps the newest route of a key, in whatever order they come", async () => {
    const pointers = createPointers(createMemoryStore());
    await Promise.all([pointers.set("chat", 2, TTL_MS), pointers.set("chat", 1, TTL_MS)]);
    expect(await pointers.get("chat")).toBe(2);
    await pointers.set("chat", 3, TTL_MS);
    expect(await pointers.get("chat")).toBe(3);
  });

  it("clears a key only where it still leads to that route", async () => {
    const pointers = createPointers(createMemoryStore());
    await pointers.set("chat", 1, TTL_MS);
    await Promise.all([pointers.set("chat", 2, TTL_MS), pointers.clear("chat", 1)]);
    expect(await pointers.get("chat")).toBe(2);
    await pointers.clear("chat", 2);
    expect(await pointers.get("chat")).toBeUndefined();
  });
});
