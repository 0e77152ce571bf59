import { createMemoryStore } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createUploadCache } from "./upload-cache.ts";

function start() {
  const clock = createManualClock();
  const store = createMemoryStore({ clock });
  return { clock, open: () => createUploadCache({ store }) };
}

describe("createUploadCache", () => {
  it.each([
    ["as long as the platform does, less a minute", 600_000, 540_000],
    ["for a day what the platform keeps for ever", 0, 86_400_000],
  ])("keeps a file %s, over a restart (QQ-24)", async (_title, ttlMs, lifeMs) => {
    const { clock, open } = start();
    await open().keep("k", "info", ttlMs);
    await clock.advance(lifeMs - 1);
    expect(await open().find("k")).toBe("info");
    await clock.advance(1);
    expect(await open().find("k")).toBeUndefined();
  });

  it("keeps nothing that is about to end, and forgets what is gone", async () => {
    const cache = start().open();
    await cache.keep("short", "info", 60_000);
    await cache.keep("k", "info", 0);
    await cache.forget("k");
    expect([await cache.find("short"), await cache.find("k"), await cache.find("never")]).toEqual([undefined, undefined, undefined]);
  });

  it("keeps 500 files, and gives up the one that was used longest ago (QQ-23)", async () => {
    const { open } = start();
    const cache = open();
    for (let index = 0; index < 500; index += 1) await cache.keep(`k${index}`, "info", 0);
    expect(await cache.find("k0")).toBe("info");
    await cache.keep("k500", "info", 0);
    expect([await cache.find("k0"), await cache.find("k1"), await cache.find("k2"), await cache.find("k500")]).toEqual(["info", undefined, "info", "info"]);
    expect(await open().find("k1")).toBeUndefined();
  });
});
