import { isChannelError, type ChannelContext, type HealthReport, type StatusRecorder } from "@revka/core";
import type { LarkApi } from "./api.ts";
import { isForgeable, type LarkSettings } from "./config.ts";

/** What a health check needs. */
export interface HealthMeans {
  readonly settings: LarkSettings;
  readonly api: Pick<LarkApi, "checkCredentials">;
  readonly status: StatusRecorder;
  readonly context: ChannelContext;
}

/**
 * A health check from what is known already: how the connection stands, and whether there is a token. The platform is
 * asked at most for the latter, since an app's calls in a month are counted.
 */
export function createHealthCheck({ settings, api, status, context: { clock } }: HealthMeans): (signal?: AbortSignal) => Promise<HealthReport> {
  const caveat = isForgeable(settings) ? "; anyone who knows the webhook's URL can forge events" : "";
  return async (signal) => {
    const { state, lastError } = status.snapshot();
    if (state === "connecting" || state === "backoff" || state === "failed") return { ok: false, latencyMs: 0, detail: lastError ?? "not connected yet" };
    const startedAt = clock.monotonic();
    const report = (ok: boolean, detail: string): HealthReport => ({ ok, latencyMs: Math.round(clock.monotonic() - startedAt), detail });
    try {
      await api.checkCredentials(signal);
      return report(true, `${state === "connected" ? "connected, and " : ""}the platform takes the credentials${caveat}`);
    } catch (error) {
      if (!isChannelError(error)) throw error;
      return report(false, error.message);
    }
  };
}
