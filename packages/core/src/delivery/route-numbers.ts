import type { Store } from "../state/store.ts";

/** Numbers are reserved in the store so many at a time, so that most of them cost no write. */
const RESERVED_COUNT = 100;

/** Gives ascending numbers that no earlier process gave out from the same `records`; a restart leaves a gap. */
export function createNumbers(records: Store): () => Promise<number> {
  let next = 0;
  let end = 0;
  let reserving: Promise<void> | undefined;

  async function reserve(): Promise<void> {
    const stored = await records.get("next");
    const first = typeof stored === "number" ? Math.max(stored, end) : end;
    await records.set("next", first + RESERVED_COUNT);
    next = first;
    end = first + RESERVED_COUNT;
  }
  return async () => {
    while (next >= end) {
      reserving ??= reserve().finally(() => (reserving = undefined));
      await reserving;
    }
    return next++;
  };
}
