import type { Clock } from "@revka/core";

/** Gives the platform an answer in time, whatever the host does. */
export interface AnswerBudget {
  /** What `task` comes to, or `"late"` when that takes too long; the task goes on all the same. */
  readonly within: <T>(task: Promise<T>) => Promise<T | "late">;
}

/** How long a task may take. */
export interface AnswerBudgetOptions {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Ends the watching. */
  readonly signal: AbortSignal;
}

interface Pending {
  readonly dueAt: number;
  expire(): void;
}

/** One watch for all tasks: they have the same time, so the first that came is the first that is due, and one timer is enough. */
export function createAnswerBudget({ clock, limitMs, signal }: AnswerBudgetOptions): AnswerBudget {
  const pending = new Set<Pending>();
  let isWatching = false;

  async function watch(): Promise<void> {
    isWatching = true;
    for (const task of pending) {
      const restMs = task.dueAt - clock.monotonic();
      if (restMs > 0) await clock.sleep(restMs, signal).catch(() => undefined);
      if (signal.aborted) break;
      if (pending.delete(task)) task.expire();
    }
    isWatching = false;
  }

  return {
    async within(task) {
      const late = Promise.withResolvers<"late">();
      const entry: Pending = { dueAt: clock.monotonic() + limitMs, expire: () => late.resolve("late") };
      pending.add(entry);
      if (!isWatching) void watch();
      try {
        return await Promise.race([task, late.promise]);
      } finally {
        pending.delete(entry);
      }
    },
  };
}
