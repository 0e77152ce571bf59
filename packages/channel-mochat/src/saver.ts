import { backoffDelay, type ChannelContext } from "@revka/core";
import { LIMITS } from "./limits.ts";

/** Writes something that changes often, seldom. */
export interface Saver {
  /** There is something to write: at once, or a second after the last time. */
  touch(): void;
  /** Writes now what waits, and never again. */
  close(): Promise<void>;
}

const BACKOFF = { baseMs: LIMITS.saveEveryMs, maxMs: LIMITS.backoffMaxMs, jitter: LIMITS.jitter } as const;

/** Calls `write` at most once per second. A write that fails is logged once and made again, ever more slowly. */
export function createSaver(write: () => Promise<void>, { clock, instance: channel, logger, random }: ChannelContext): Saver {
  const closing = new AbortController();
  let isDirty = false;
  let failures = 0;
  let running: Promise<void> | undefined;

  async function writeOnce(): Promise<void> {
    isDirty = false;
    try {
      await write();
      failures = 0;
    } catch (error) {
      isDirty = true;
      failures += 1;
      if (failures === 1) logger.error({ channel, error: String(error) }, "Mochat: the cursor cannot be saved; after a restart messages may come again");
    }
  }
  async function run(): Promise<void> {
    while (isDirty && !closing.signal.aborted) {
      await writeOnce();
      const delayMs = failures === 0 ? LIMITS.saveEveryMs : backoffDelay(failures, BACKOFF, random);
      await clock.sleep(delayMs, closing.signal).catch(() => undefined);
    }
    running = undefined;
  }

  return {
    touch() {
      isDirty = true;
      running ??= run();
    },
    async close() {
      closing.abort();
      await running;
      if (isDirty) await writeOnce();
    },
  };
}
