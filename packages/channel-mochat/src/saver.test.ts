import { createContext, type ChannelContext } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createSaver, type Saver } from "./saver.ts";

interface Setup {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly saver: Saver;
  /** When it was written, in ms from the start. */
  readonly writes: number[];
}

function setup(write: (attempt: number) => void = () => undefined): Setup {
  const clock = createManualClock();
  const logger = recordingLogger();
  const context: ChannelContext = createContext("mochat", { clock, logger, random: () => 0.5 });
  const writes: number[] = [];
  const saver = createSaver(async () => {
    await Promise.resolve();
    writes.push(clock.monotonic());
    write(writes.length);
  }, context);
  return { clock, logger, saver, writes };
}
const failTimes = (times: number) => (attempt: number): void => {
  if (attempt <= times) throw new TypeError("disk full");
};

describe("createSaver", () => {
  it("writes the first change at once and a burst of later ones together, a second after it (MOCHAT-60)", async () => {
    const { clock, saver, writes } = setup();
    for (let i = 0; i < 10; i += 1) {
      saver.touch();
      await clock.advance(50);
    }
    await clock.advance(5_000);
    expect(writes).toEqual([0, 1_000]);
  });

  it("writes at once again after a quiet second", async () => {
    const { clock, saver, writes } = setup();
    saver.touch();
    await clock.advance(5_000);
    saver.touch();
    await clock.advance(0);
    expect(writes).toEqual([0, 5_000]);
    expect(clock.pending).toBe(1);
  });

  it("writes what waits when it is closed, and leaves no timer behind (MOCHAT-60)", async () => {
    const { clock, saver, writes } = setup();
    saver.touch();
    await clock.advance(0);
    saver.touch();
    await saver.close();
    expect(writes).toEqual([0, 0]);
    expect(clock.pending).toBe(0);
  });

  it("writes nothing when nothing has changed", async () => {
    const { saver, writes } = setup();
    await saver.close();
    expect(writes).toEqual([]);
  });

  it("writes again after a failure, ever more slowly, and logs a streak of failures once (MOCHAT-60)", async () => {
    const { clock, logger, saver, writes } = setup(failTimes(3));
    saver.touch();
    await clock.advance(60_000);
    expect(writes).toEqual([0, 1_000, 3_000, 7_000]);
    expect(logger.entries.map(({ level }) => level)).toEqual(["error"]);
  });

  it("does not fail when the last write does", async () => {
    const { logger, saver } = setup(failTimes(9));
    saver.touch();
    await expect(saver.close()).resolves.toBeUndefined();
    expect(logger.entries).toHaveLength(1);
  });
});
