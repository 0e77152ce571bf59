/** The longest that the agenda sleeps at once; longer waits are made of several sleeps. */
const MAX_SLEEP_MS = 3_600_000;

/** What a platform will do later. */
export interface Agenda {
  /** Runs `task` once, when `dueAt` (epoch ms) has come. @returns a way to take it off. */
  at(dueAt: number, task: () => void): () => void;
  /** Runs what is due by now: for a clock that does not move by itself. */
  runDue(): void;
}

interface Entry {
  readonly dueAt: number;
  readonly task: () => void;
}

/**
 * Creates an empty {@link Agenda} on the sandbox's clock.
 *
 * @param closing - ends it when it aborts.
 */
export function createAgenda(now: () => number, closing: AbortSignal): Agenda {
  const entries = new Set<Entry>();
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Infinity;

  function sleepUntil(dueAt: number): void {
    if (dueAt >= wakesAt || closing.aborted) return;
    clearTimeout(timer);
    wakesAt = dueAt;
    timer = setTimeout(wake, Math.min(MAX_SLEEP_MS, Math.max(0, dueAt - now())));
    timer.unref();
  }

  function wake(): void {
    wakesAt = Infinity;
    runDue();
    if (entries.size > 0) sleepUntil([...entries].reduce((least, { dueAt }) => Math.min(least, dueAt), Infinity));
  }

  function runDue(): void {
    const due = [...entries].filter(({ dueAt }) => dueAt <= now()).toSorted((one, other) => one.dueAt - other.dueAt);
    // A task may take another one off.
    for (const entry of due) if (entries.delete(entry)) entry.task();
  }

  closing.addEventListener("abort", () => {
    clearTimeout(timer);
    entries.clear();
  });
  return {
    at: (dueAt, task) => {
      const entry = { dueAt, task };
      if (!closing.aborted) entries.add(entry);
      sleepUntil(dueAt);
      return () => void entries.delete(entry);
    },
    runDue,
  };
}
