import { onceAborted } from "../dialling/deadline.ts";

/** A task that several callers wait for together. */
export interface SharedTask<T> {
  /** Waits for the result. A caller that aborts leaves alone; when the last one has left, the task itself is aborted. */
  wait(signal?: AbortSignal): Promise<T>;
  /** Whether a result may still come. */
  readonly isRunning: boolean;
}

/** Starts `task` once for everybody who will `wait` for it. */
export function shareTask<T>(task: (signal: AbortSignal) => Promise<T>): SharedTask<T> {
  const controller = new AbortController();
  let isRunning = true;
  let waiting = 0;
  const end = (): void => {
    isRunning = false;
  };
  const result = task(controller.signal);
  result.then(end, end);
  return {
    async wait(signal) {
      waiting += 1;
      let forget: (() => void) | undefined;
      try {
        if (signal === undefined) return await result;
        signal.throwIfAborted();
        const aborted = new Promise<never>((_, reject) => {
          forget = onceAborted(signal, () => reject(signal.reason as Error));
        });
        return await Promise.race([result, aborted]);
      } finally {
        forget?.();
        waiting -= 1;
        if (waiting === 0 && signal?.aborted) {
          end();
          controller.abort(signal.reason);
        }
      }
    },
    get isRunning() {
      return isRunning;
    },
  };
}
