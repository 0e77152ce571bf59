import { isChannelError, type Clock, type HealthReport } from "@revka/core";
import type { WecomApi } from "./api.ts";
import { LIMITS } from "./limits.ts";
import { textPayload } from "./outbound.ts";

const CONTENT = "health_check";

/** Asks the platform whether the webhook works. */
export type HealthCheck = (signal?: AbortSignal) => Promise<HealthReport>;

/**
 * A health check that posts `health_check` into the bot's chat: the platform has no silent way to ask.
 *
 * It posts once and is not repeated. Those who ask while one is under way share it; who aborts leaves it to the others.
 */
export function createHealthCheck(api: WecomApi, clock: Clock): HealthCheck {
  let running: Promise<HealthReport> | undefined;
  return async (signal) => {
    signal?.throwIfAborted();
    running ??= probe(api, clock).finally(() => {
      running = undefined;
    });
    return untilAborted(running, signal);
  };
}

async function probe(api: WecomApi, clock: Clock): Promise<HealthReport> {
  const startedAt = clock.monotonic();
  const report = (ok: boolean, detail: string): HealthReport => ({ ok, latencyMs: Math.round(clock.monotonic() - startedAt), detail });
  const deadline = new AbortController();
  const done = new AbortController();
  clock.sleep(LIMITS.healthTimeoutMs, done.signal).then(
    () => deadline.abort(),
    () => undefined,
  );
  try {
    await api.post(textPayload(CONTENT), { signal: deadline.signal, maxTries: 1 });
    return report(true, `the bot's chat now shows ${CONTENT}`);
  } catch (error) {
    if (deadline.signal.aborted) return report(false, `no answer within ${LIMITS.healthTimeoutMs / 1000} s, the wait for its turn included`);
    if (!isChannelError(error)) throw error;
    return report(false, error.message);
  } finally {
    done.abort();
  }
}

function untilAborted<T>(task: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return task;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    void task.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
