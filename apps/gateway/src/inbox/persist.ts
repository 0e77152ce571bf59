import { backoffDelay, isChannelError } from "@revka/core";
import type { Runtime } from "../runtime.ts";

const BACKOFF = { baseMs: 500, maxMs: 60_000, jitter: 0.2 } as const;

/**
 * Repeats a write until the disk takes it: a turn that is under way cannot go on without its record.
 * @throws the signal's reason when the gateway stops first; any error that is not a TransientError.
 */
export async function persist(write: () => Promise<void>, runtime: Pick<Runtime, "clock" | "random" | "logger" | "stopped">): Promise<void> {
  const { clock, random, logger, stopped } = runtime;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (!isChannelError(error) || error.code !== "transient") throw error;
      if (attempt === 1) logger.error({ component: "inbox", error: error.message }, "The inbox cannot be written; trying again until it can");
    }
    await clock.sleep(backoffDelay(attempt, BACKOFF, random), stopped);
  }
}
