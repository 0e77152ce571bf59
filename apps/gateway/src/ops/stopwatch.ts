/** Measures how long things take that begin and end in different places. */
export interface Stopwatch {
  begin(key: string): void;
  /** Seconds since `begin`; undefined where that was not seen. */
  end(key: string): number | undefined;
}

/** As many as can be under way at once; what never ends pushes out what began first. */
const MAX_RUNNING = 10_000;

/** A stopwatch by a clock that never goes back. @param monotonicMs - e.g. `clock.monotonic`. */
export function createStopwatch(monotonicMs: () => number): Stopwatch {
  const begun = new Map<string, number>();
  return {
    begin(key) {
      if (begun.size >= MAX_RUNNING) begun.delete(begun.keys().next().value ?? "");
      begun.set(key, monotonicMs());
    },
    end(key) {
      const since = begun.get(key);
      begun.delete(key);
      return since === undefined ? undefined : (monotonicMs() - since) / 1_000;
    },
  };
}
