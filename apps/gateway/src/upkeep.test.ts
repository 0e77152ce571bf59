import { TransientError } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { keepClean } from "./upkeep.ts";

describe("keepClean", () => {
  it("cleans up every ten minutes, through a disk that refuses, until the gateway stops", async () => {
    const clock = createManualClock();
    const logger = recordingLogger();
    const controller = new AbortController();
    const sweeps: string[] = [];
    const inbox = { sweep: () => (sweeps.push("inbox"), sweeps.length === 1 ? Promise.reject(new TransientError("disk is full")) : Promise.resolve()) };
    const stores = { sweep: () => Promise.resolve(void sweeps.push("stores")) };
    const ended = keepClean({ inbox, clock, logger, stopped: controller.signal }, stores);
    await clock.advance(600_000);
    await clock.advance(600_000);
    expect(sweeps).toEqual(["inbox", "inbox", "stores"]);
    expect(logger.entries).toMatchObject([{ level: "warn", fields: { error: "disk is full" } }]);
    controller.abort();
    await ended;
    expect(clock.pending).toBe(0);
  });
});
