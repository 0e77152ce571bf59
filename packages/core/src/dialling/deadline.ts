/**
 * Runs `task` under one time limit: its signal aborts after `timeoutMs`, or with the caller's.
 *
 * Leaves neither timer nor listener behind. On the limit the signal's reason is a `TimeoutError` DOMException, so that
 * whoever made the deadline can tell it from the caller's own abort by asking the caller's signal.
 */
export async function withDeadline<T>(timeoutMs: number, signal: AbortSignal | undefined, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, "TimeoutError")), timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await task(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Calls `onAbort` once when `signal` aborts; the returned function takes that back. The signal must not be aborted yet. */
export function onceAborted(signal: AbortSignal, onAbort: () => void): () => void {
  signal.addEventListener("abort", onAbort, { once: true });
  return () => signal.removeEventListener("abort", onAbort);
}
