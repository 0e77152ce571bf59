import { isChannelError, type ChannelContext } from "@revka/core";
import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/**
 * What has to be put away in the end, on a list that outlives a crash. An ornament too: where the list cannot be kept, the
 * work goes on without it.
 */
export interface Leftovers {
  add(item: string): Promise<void>;
  /** It was put away. */
  drop(item: string): Promise<void>;
  /** Puts away what an earlier process left, each once; what fails for now waits for the next start. */
  recover(putAway: (item: string) => Promise<void>, signal: AbortSignal): Promise<void>;
}

const itemsSchema = v.fallback(v.array(v.string()), []);

/** The list under `key`, as long as it may be: the oldest goes first. */
export function createLeftovers({ instance: channel, store, logger }: Pick<ChannelContext, "instance" | "store" | "logger">, key: string): Leftovers {
  const items = new Set<string>();
  const old = new Set<string>();
  let loaded: Promise<void> | undefined;
  let saved: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    for (const item of v.parse(itemsSchema, await store.get(key))) {
      items.add(item);
      old.add(item);
    }
  }
  const note = (error: unknown): void => logger.debug({ channel, key, error: String(error) }, "Lark: the list of what is to be put away failed");
  const load = (): Promise<void> => (loaded ??= read().catch(note));
  /** One after another, so that the newest list is the one that stays. */
  function save(): Promise<void> {
    saved = saved.then(() => (items.size === 0 ? store.delete(key) : store.set(key, [...items]))).catch(note);
    return saved;
  }
  async function drop(item: string): Promise<void> {
    await load();
    old.delete(item);
    if (items.delete(item)) await save();
  }

  return {
    drop,
    async add(item) {
      await load();
      const [oldest] = items;
      if (oldest !== undefined && items.size >= LIMITS.leftoverCount) items.delete(oldest);
      items.add(item);
      await save();
    },
    async recover(putAway, signal) {
      await load();
      for (const item of [...old]) {
        if (signal.aborted) return;
        old.delete(item);
        const isDone = await putAway(item).then(
          () => true,
          (error: unknown) => isChannelError(error) && error.code === "platform",
        );
        if (isDone) await drop(item);
      }
    },
  };
}
