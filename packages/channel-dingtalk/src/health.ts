import { isChannelError, type ChannelContext, type HealthReport, type StatusRecorder } from "@revka/core";
import type { DingtalkApi } from "./api.ts";

/** What a health check needs. */
export interface HealthMeans {
  readonly api: Pick<DingtalkApi, "getAccessToken">;
  readonly status: StatusRecorder;
  readonly context: ChannelContext;
}

/**
 * A health check that tells how the connection stands, from its traffic: calls are metered. Only where nobody listens
 * does it ask the platform, whether it takes the credentials.
 */
export function createHealthCheck({ api, status, context: { clock } }: HealthMeans): (signal?: AbortSignal) => Promise<HealthReport> {
  return async (signal) => {
    const { state, lastError } = status.snapshot();
    if (state === "connected") return { ok: lastError === undefined, latencyMs: 0, detail: lastError ?? "connected to the stream" };
    if (state !== "idle" && state !== "stopped") return { ok: false, latencyMs: 0, detail: lastError ?? "not connected yet" };
    const startedAt = clock.monotonic();
    const report = (ok: boolean, detail: string): HealthReport => ({ ok, latencyMs: Math.round(clock.monotonic() - startedAt), detail });
    try {
      await api.getAccessToken(signal);
      return report(true, "the platform takes the credentials");
    } catch (error) {
      if (!isChannelError(error)) throw error;
      return report(false, error.message);
    }
  };
}
